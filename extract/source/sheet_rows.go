package source

import (
	"bufio"
	"fmt"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"

	"ferry/internal/xlsx"
)

// sheetRows writes the rows of a sheet as delimited text: what a cell holds with all its digits, dates as dates.
type sheetRows struct {
	book     *xlsx.File
	raw      *xlsx.Rows
	row      []string
	hidden   int // rows that the spreadsheet does not show
	formulas int // cells of which the spreadsheet did not store what they come to
}

// rowsSeen is how many rows tell how wide a sheet is.
const rowsSeen = 1000

// write writes the rows, each in the line of its number as long as no cell has several.
func (r *sheetRows) write(w *bufio.Writer) error {
	var first [][]string
	var numbers []int
	width := 0
	for len(first) < rowsSeen && r.next() {
		first, numbers = append(first, append([]string(nil), r.row...)), append(numbers, r.raw.Number())
		width = max(width, len(r.row))
	}
	line := 1
	for i, cells := range first {
		if err := writeRow(w, cells, width, numbers[i]-line); err != nil {
			return err
		}
		line = numbers[i] + 1
	}
	for r.next() {
		if err := writeRow(w, r.row, width, r.raw.Number()-line); err != nil {
			return err
		}
		line = r.raw.Number() + 1
	}
	if err := r.raw.Err(); err != nil {
		return fmt.Errorf("the sheet is damaged: %w", err)
	}
	return nil
}

// next reads the next row that holds something.
func (r *sheetRows) next() bool {
	if !r.raw.Next() {
		return false
	}
	r.row = r.row[:0]
	for _, c := range r.raw.Cells() {
		r.row = append(r.row, r.text(c))
	}
	if r.raw.Hidden() && len(r.row) > 0 {
		r.hidden++
	}
	return true
}

// text is what a cell holds.
func (r *sheetRows) text(c xlsx.Cell) string {
	switch c.Kind {
	case xlsx.Date:
		return r.date(c.Text)
	case xlsx.Number, xlsx.Elapsed:
		return wholeNumber(c.Text)
	case xlsx.Formula:
		r.formulas++
		return ""
	case xlsx.Failed:
		return ""
	}
	if len(c.Text) > 0 && c.Text[0] == '#' && noValues[c.Text] {
		return ""
	}
	return c.Text
}

// date writes a number of days as the day, and the time of it if there is one; below one it is a time of day. What is
// written as a text of ISO 8601 stays.
func (r *sheetRows) date(text string) string {
	days, err := strconv.ParseFloat(text, 64)
	if err != nil || !xlsx.IsDays(days) {
		return text
	}
	at := r.book.AsTime(days)
	switch {
	case days < 1 && days > 0:
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

// wholeNumber is a number with all its digits, where it is stored with a power.
func wholeNumber(c string) string {
	if len(c) > 3 && strings.IndexByte(c, 'E') > 0 && power.MatchString(c) {
		if n, ok := new(big.Rat).SetString(c); ok && n.IsInt() {
			return n.Num().String()
		}
	}
	return c
}

// writeRow writes a row behind as many empty lines as there are rows that hold nothing.
func writeRow(w *bufio.Writer, cells []string, width, empty int) error {
	for range empty {
		_ = w.WriteByte('\n')
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
