package source

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

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
