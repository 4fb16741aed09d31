package source

import (
	"archive/zip"
	"bufio"
	"errors"
	"io"
	"os"
	"regexp"
	"strings"
	"sync"

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
