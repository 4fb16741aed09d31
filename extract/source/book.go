package source

import (
	"archive/zip"
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/xuri/excelize/v2"

	"ferry/internal/run"
)

// book is a spreadsheet of which the sheets are read one at a time, row by row.
type book struct {
	file   *excelize.File
	dated  bool // some cells may be dates or times
	sheets sync.Mutex
}

// sheet is one of its tables.
type sheet struct {
	*book
	name string
}

// Formats that make a date of what a cell holds: the number of days since some time.
const (
	dateFormat = `yyyy-mm-dd"T"hh:mm:ss`
	timeFormat = `"T"hh:mm:ss`
)

// sheetsOf lists the sheets of a spreadsheet.
func sheetsOf(f File, z *zip.ReadCloser, o Rules, archives *Archives) []File {
	if why := harmful(f, z.File, o); why != "" {
		f.Refuse(why)
		return []File{f}
	}
	b, err := openBook(f.Path, o)
	if err != nil {
		f.Refuse("this spreadsheet cannot be opened (" + err.Error() +
			"): open it in a spreadsheet program and save it again")
		return []File{f}
	}
	archives.books = append(archives.books, b)
	var all []File
	for _, name := range b.file.GetSheetList() {
		s := File{Path: f.Path, Member: name, sheet: &sheet{b, name}, Name: f.Name + "!" + Printable(name), Size: f.Size,
			Mtime: f.Mtime}
		o.leaveOut(&s)
		all = append(all, s)
	}
	return all
}

func openBook(path string, o Rules) (*book, error) {
	if err := os.MkdirAll(o.Temp, run.DirMode); err != nil {
		return nil, err
	}
	f, err := excelize.OpenFile(path, excelize.Options{TmpDir: o.Temp, UnzipSizeLimit: o.MaxUnpacked,
		UnzipXMLSizeLimit: min(16<<20, o.MaxUnpacked)})
	if err != nil {
		return nil, err
	}
	b := &book{file: f}
	return b, b.showDates()
}

// showDates makes every format of dates and times one that can be told and understood, whatever the
// spreadsheet shows them as.
func (b *book) showDates() error {
	date, clock := dateFormat, timeFormat
	asDate, err := b.file.NewStyle(&excelize.Style{CustomNumFmt: &date})
	if err != nil {
		return err
	}
	asTime, err := b.file.NewStyle(&excelize.Style{CustomNumFmt: &clock})
	if err != nil {
		return err
	}
	formats := b.file.Styles.CellXfs.Xf
	for i := range formats[:min(asDate, asTime)] {
		style, err := b.file.GetStyle(i)
		if err != nil {
			return err
		}
		switch kind := formatKind(style); kind {
		case 'd':
			formats[i].NumFmtID, b.dated = formats[asDate].NumFmtID, true
		case 't':
			formats[i].NumFmtID, b.dated = formats[asTime].NumFmtID, true
		}
	}
	return nil
}

// builtin are the formats every spreadsheet knows by number: those of dates and of times of day.
var builtin = map[int]byte{14: 'd', 15: 'd', 16: 'd', 17: 'd', 18: 't', 19: 't', 20: 't', 21: 't', 22: 'd', 27: 'd',
	28: 'd', 29: 'd', 30: 'd', 31: 'd', 32: 't', 33: 't', 34: 't',
	35: 't', 36: 'd', 50: 'd', 51: 'd', 52: 'd', 53: 'd', 54: 'd', 55: 't', 56: 't', 57: 'd', 58: 'd'}

// noFormat is what stands in a format and is no part of one: text, colours, conditions.
var noFormat = regexp.MustCompile(`"[^"]*"|\\.|_.|\*.|\[[^\]]*\]`)

// formatKind is 'd' for a format of dates, 't' for one of times of day, 0 for others.
func formatKind(s *excelize.Style) byte {
	if s.CustomNumFmt == nil {
		return builtin[s.NumFmt]
	}
	code, _, _ := strings.Cut(*s.CustomNumFmt, ";")
	if lower := strings.ToLower(code); strings.Contains(lower, "[h") || strings.Contains(lower, "[m") ||
		strings.Contains(lower, "[s") {
		return 0 // hours that have gone by
	}
	code = strings.ToLower(noFormat.ReplaceAllString(code, ""))
	switch {
	case strings.ContainsAny(code, "yd"), strings.Contains(code, "mmm"), strings.Contains(code, "m") &&
		!strings.ContainsAny(code, "hs"):
		return 'd'
	case strings.ContainsAny(code, "hs") && !strings.Contains(code, "general"):
		return 't'
	}
	return 0
}

// open gives the sheet as delimited text: a line for each row, all of one width as far as one can see.
func (s *sheet) open(st *Stream) (io.Reader, error) {
	s.sheets.Lock()
	rows, err := s.rows()
	if err != nil {
		s.sheets.Unlock()
		return nil, err
	}
	st.sheet = rows
	out, in := io.Pipe()
	done := make(chan struct{})
	go func() {
		w := bufio.NewWriterSize(in, 64<<10)
		err := rows.write(w)
		in.CloseWithError(errors.Join(err, w.Flush()))
		close(done)
	}()
	st.closes = append(st.closes, closer(func() error {
		_ = out.Close()
		<-done
		defer s.sheets.Unlock()
		return rows.close()
	}))
	return out, nil
}

type closer func() error

func (c closer) Close() error { return c() }

// sheetRows reads the rows as the cells hold them: dates as numbers. What a number is shown as costs much
// to find out, so it is asked of the first rows, and then of a column only while that is not settled.
type sheetRows struct {
	raw    *excelize.Rows
	shown  *excelize.Rows // nil: no cell of the spreadsheet is a date
	at     int            // rows read
	seen   int            // rows of shown passed
	kinds  []numbers      // of each column
	base   bool           // days are counted from 1904
	hidden int            // rows that the spreadsheet does not show
}

// numbers says what the numbers of a column are.
type numbers uint8

const (
	notSeen numbers = iota
	plain
	dates
	times
	mixed
)

func (s *sheet) rows() (*sheetRows, error) {
	raw, err := s.file.Rows(s.name)
	if err != nil {
		return nil, err
	}
	r := &sheetRows{raw: raw}
	if s.dated {
		if r.shown, err = s.file.Rows(s.name); err != nil {
			return nil, errors.Join(err, raw.Close())
		}
		props, err := s.file.GetWorkbookProps()
		r.base = err == nil && props.Date1904 != nil && *props.Date1904
	}
	return r, nil
}

func (r *sheetRows) close() error {
	err := r.raw.Close()
	if r.shown != nil {
		err = errors.Join(err, r.shown.Close())
	}
	return err
}

// next gives the cells of the next row, or io.EOF.
func (r *sheetRows) next() ([]string, error) {
	if !r.raw.Next() {
		if err := r.raw.Error(); err != nil {
			return nil, err
		}
		return nil, io.EOF
	}
	r.at++
	cells, err := r.raw.Columns(excelize.Options{RawCellValue: true})
	if err != nil {
		return nil, err
	}
	if r.raw.GetRowOpts().Hidden && len(cells) > 0 {
		r.hidden++
	}
	if r.shown != nil {
		if err := r.show(cells); err != nil {
			return nil, err
		}
	}
	for i, c := range cells {
		cells[i] = plainCell(c)
	}
	return cells, nil
}

// settledAfter is after how many rows a column that held nothing but dates, or no date, is taken to go on so.
const settledAfter = 300

// show makes dates of the numbers that are.
func (r *sheetRows) show(cells []string) error {
	for len(r.kinds) < len(cells) {
		r.kinds = append(r.kinds, notSeen)
	}
	var shown []string
	for i, c := range cells {
		days, err := strconv.ParseFloat(c, 64)
		if c == "" || err != nil {
			continue
		}
		kind := r.kinds[i]
		if r.at <= settledAfter || kind == notSeen || kind == mixed {
			if shown == nil {
				if shown, err = r.asShown(); err != nil {
					return err
				}
			}
			kind = plain
			if i < len(shown) {
				kind = shownKind(shown[i])
			}
			if r.kinds[i] == notSeen {
				r.kinds[i] = kind
			} else if r.kinds[i] != kind {
				r.kinds[i] = mixed
			}
		}
		if cells[i] = c; kind == dates || kind == times {
			cells[i] = r.date(c, days, kind)
		}
	}
	return nil
}

// asShown gives the current row as the spreadsheet shows it.
func (r *sheetRows) asShown() ([]string, error) {
	for r.seen < r.at && r.shown.Next() {
		r.seen++
	}
	return r.shown.Columns(excelize.Options{RawCellValue: false})
}

// shownKind tells by the formats that showDates set.
func shownKind(shown string) numbers {
	date, clock, ok := strings.Cut(shown, "T")
	switch {
	case !ok || len(clock) != len("00:00:00") || clock[2] != ':' || clock[5] != ':':
		return plain
	case date == "":
		return times
	case len(date) == len("2006-01-02"):
		return dates
	}
	return plain
}

// date writes a number of days as the day, and the time of it if there is one.
func (r *sheetRows) date(c string, days float64, kind numbers) string {
	at, err := excelize.ExcelDateToTime(days, r.base)
	if err != nil {
		return c
	}
	at = at.Round(time.Second)
	switch {
	case kind == times && days < 1:
		return at.Format(time.TimeOnly)
	case at.Hour() == 0 && at.Minute() == 0 && at.Second() == 0:
		return at.Format(time.DateOnly)
	}
	return at.Format(time.DateTime)
}

var (
	power    = regexp.MustCompile(`^-?[0-9](\.[0-9]+)?E\+?[0-9]{1,2}$`)
	noValues = map[string]bool{"#N/A": true, "#REF!": true, "#VALUE!": true, "#DIV/0!": true, "#NAME?": true,
		"#NULL!": true, "#NUM!": true}
)

// plainCell is the text of a cell: a number with all its digits, and nothing where a formula failed.
func plainCell(c string) string {
	switch {
	case len(c) > 0 && c[0] == '#' && noValues[c]:
		return ""
	case len(c) > 3 && strings.IndexByte(c, 'E') > 0 && power.MatchString(c):
		if n, ok := new(big.Rat).SetString(c); ok && n.IsInt() {
			return n.Num().String()
		}
	}
	return c
}

// rowsSeen is how many rows tell how wide a sheet is.
const rowsSeen = 1000

// write writes the rows as delimited text.
func (r *sheetRows) write(w *bufio.Writer) error {
	var first [][]string
	width := 0
	var err error
	for err == nil && len(first) < rowsSeen {
		var cells []string
		if cells, err = r.next(); err == nil {
			first = append(first, cells)
			width = max(width, len(cells))
		}
	}
	for _, cells := range first {
		if e := writeRow(w, cells, width); e != nil {
			return e
		}
	}
	for err == nil {
		var cells []string
		if cells, err = r.next(); err == nil {
			err = writeRow(w, cells, width)
		}
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return fmt.Errorf("the sheet is damaged: %w", err)
}

func writeRow(w *bufio.Writer, cells []string, width int) error {
	if len(cells) == 0 {
		return w.WriteByte('\n')
	}
	for i := range max(width, len(cells)) {
		if i > 0 {
			_ = w.WriteByte(',')
		}
		if i >= len(cells) || cells[i] == "" {
			continue
		}
		if c := cells[i]; strings.ContainsAny(c, ",\"\r\n") || c[0] == ' ' || c[len(c)-1] == ' ' || c[0] == '\'' {
			_ = w.WriteByte('"')
			_, _ = w.WriteString(strings.ReplaceAll(c, `"`, `""`))
			_ = w.WriteByte('"')
		} else {
			_, _ = w.WriteString(c)
		}
	}
	return w.WriteByte('\n')
}

// isBook says whether a zip file is a spreadsheet of today.
func isBook(members []*zip.File) (yes bool, otherwise string) {
	for _, f := range members {
		switch {
		case f.Name == "xl/workbook.xml":
			return true, ""
		case f.Name == "xl/workbook.bin":
			return false, "this is a binary spreadsheet (.xlsb), not read here: save it as .xlsx or CSV"
		case f.Name == "content.xml":
			return false, "this is an OpenDocument file, not read here: save it as .xlsx or CSV"
		case f.Name == "word/document.xml":
			return false, "this is a text document, not a table: export the table as CSV"
		}
	}
	return false, ""
}
