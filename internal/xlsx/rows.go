package xlsx

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// What a sheet can hold.
const (
	lastRow    = 1_048_576
	lastColumn = 16_384
	mostInRow  = 32 << 20 // of text
)

// Kind is what stands in a cell.
type Kind byte

// Kinds of cells.
const (
	Empty   Kind = iota
	Text         // as somebody wrote it
	Number       // with the digits that are stored
	Date         // a number shown as a day or a time, or a day in ISO 8601
	Boolean      // 1 or 0
	Failed       // a formula that came to nothing, like #REF!
	Formula      // a formula whose result the program that wrote it did not store
	Elapsed      // a number of days shown as the hours that went by: 36:30
)

// Cell is one cell.
type Cell struct {
	Text string
	Kind Kind

	from, to int // in the text of the row, while that is read
}

// Rows walks over the rows of a sheet that hold something.
type Rows struct {
	file   *File
	part   io.ReadCloser
	scan   *scanner
	number int
	hidden bool
	cells  []Cell
	text   []byte // of all cells of the row
	shared int    // bytes of shared texts in the row
	err    error
	isOver bool
	merged []string
}

// Number is the number of the row, as it is shown in a spreadsheet.
func (r *Rows) Number() int { return r.number }

// Hidden says whether the spreadsheet does not show the row.
func (r *Rows) Hidden() bool { return r.hidden }

// Cells are its cells, good until the next row; the last one is not empty.
func (r *Rows) Cells() []Cell { return r.cells }

// Merged are the cells that were made one, such as "H5:H7"; they are known once all rows were read.
func (r *Rows) Merged() []string { return r.merged }

// mostMerged is how many merged cells are remembered.
const mostMerged = 65_536

// merges reads what was merged, which stands behind the rows.
func (r *Rows) merges() error {
	for {
		what, err := r.scan.next()
		switch {
		case err != nil:
			return err
		case what == over:
			return nil
		case what == starts && string(r.scan.name) == "mergeCell" && len(r.merged) < mostMerged:
			r.merged = append(r.merged, string(r.scan.attr("ref")))
		case what == starts && r.scan.depth() == 2 && string(r.scan.name) != "mergeCells":
			if err := r.scan.pass(); err != nil {
				return err
			}
		}
	}
}

// Err is what stopped it.
func (r *Rows) Err() error { return r.err }

// Close ends reading.
func (r *Rows) Close() error { return r.part.Close() }

// Next walks to the next row.
func (r *Rows) Next() bool {
	for !r.isOver && r.err == nil {
		what, err := r.scan.next()
		switch {
		case err != nil:
			r.err = err
		case what == over:
			r.isOver = true
		case what == ends && string(r.scan.name) == "sheetData":
			r.isOver = true
			_ = r.merges() // the rows are read; damage behind them takes nothing from them
		case what == starts && r.scan.depth() == 2 && string(r.scan.name) != "sheetData":
			r.err = r.scan.pass() // widths, views and the like
		case what == starts && r.scan.depth() == 3 && string(r.scan.name) == "row":
			if r.err = r.row(); r.err == nil {
				return true
			}
		}
	}
	return false
}

func (r *Rows) row() error {
	n, err := r.scan.number("r", r.number+1)
	if err != nil {
		return err
	}
	if n <= r.number || n > lastRow {
		return fmt.Errorf("row %d follows row %d", n, r.number)
	}
	r.number, r.cells, r.text, r.shared = n, r.cells[:0], r.text[:0], 0
	r.hidden = isTrue(r.scan.attr("hidden"))
	column := 0
	for {
		what, err := r.scan.next()
		switch {
		case err != nil:
			return err
		case what == ends && string(r.scan.name) == "row":
			r.finish()
			return nil
		case what == starts && string(r.scan.name) == "c":
			if column, err = r.column(column); err != nil {
				return err
			}
			if err := r.cell(column); err != nil {
				return err
			}
		case what == starts:
			if err := r.scan.pass(); err != nil {
				return err
			}
		}
	}
}

// finish gives every cell its text, all of them out of one piece of memory.
func (r *Rows) finish() {
	all := string(r.text)
	for i := range r.cells {
		if c := &r.cells[i]; c.to > c.from {
			c.Text = all[c.from:c.to]
		}
	}
	for len(r.cells) > 0 && r.cells[len(r.cells)-1].Kind == Empty {
		r.cells = r.cells[:len(r.cells)-1]
	}
}

// column is where the cell that has just begun stands, from 1; without a name it follows the one before.
func (r *Rows) column(before int) (int, error) {
	name := r.scan.attr("r")
	if name == nil {
		return before + 1, nil
	}
	column, i := 0, 0
	for ; i < len(name) && i < 4; i++ {
		letter := name[i] &^ 0x20
		if letter < 'A' || letter > 'Z' {
			break
		}
		column = 26*column + int(letter-'A') + 1
	}
	if column == 0 || column > lastColumn || i == len(name) {
		return 0, fmt.Errorf("“%s” is no name of a cell", shown(name))
	}
	return column, nil
}

// cell reads the cell that has just begun.
func (r *Rows) cell(column int) error {
	if column > lastColumn {
		return fmt.Errorf("row %d has more than %d cells", r.number, lastColumn)
	}
	for len(r.cells) < column {
		r.cells = append(r.cells, Cell{})
	}
	kind, style := r.scan.attr("t"), 0
	isShared, isInline := string(kind) == "s", string(kind) == "inlineStr"
	c := Cell{from: len(r.text)}
	switch string(kind) {
	case "s", "inlineStr", "str":
		c.Kind = Text
	case "b":
		c.Kind = Boolean
	case "e":
		c.Kind = Failed
	case "d":
		c.Kind = Date
	default:
		c.Kind = Number
		var err error
		if style, err = r.scan.number("s", 0); err != nil {
			return err
		}
	}
	hasFormula, hasInline, hasValue := false, false, false
	for {
		what, err := r.scan.next()
		if err != nil {
			return err
		}
		if what == ends && r.scan.depth() == 3 {
			break
		}
		if what != starts {
			continue
		}
		switch name := string(r.scan.name); {
		case name == "v" && !hasInline:
			hasValue = true
			r.text = r.text[:c.from]
			if r.text, err = appendValue(r.text, r.scan); err != nil {
				return err
			}
		case name == "is" && isInline:
			hasInline = true
			r.text = r.text[:c.from]
			if r.text, err = appendRich(r.text, r.scan); err != nil {
				return err
			}
		default:
			hasFormula = hasFormula || name == "f"
			if err := r.scan.pass(); err != nil {
				return err
			}
		}
	}
	c.to = len(r.text)
	if isShared && c.to > c.from {
		if err := r.sharedText(&c); err != nil {
			return err
		}
	}
	switch {
	case c.to == c.from && c.Text == "" && hasFormula && (c.Kind != Text || !hasValue):
		c.Kind = Formula
	case c.to == c.from && c.Text == "":
		c.Kind = Empty
	case c.Kind == Number:
		c.Kind = r.file.shownAs(style)
	}
	if len(r.text)+r.shared > mostInRow {
		return &TooLarge{"a row of it holds more text than any list has"}
	}
	r.cells[column-1] = c
	return nil
}

// sharedText replaces the number of a text by the text.
func (r *Rows) sharedText(c *Cell) error {
	i, err := strconv.Atoi(string(bytes.TrimSpace(r.text[c.from:c.to])))
	if err != nil {
		return fmt.Errorf("a cell of row %d names no text", r.number)
	}
	shared, err := r.file.texts()
	if err != nil {
		return err
	}
	r.text, c.to = r.text[:c.from], c.from
	c.Text, err = shared.get(i)
	r.shared += len(c.Text)
	return err
}

// appendValue appends what the element that has just begun holds.
func appendValue(to []byte, s *scanner) ([]byte, error) {
	outside, from := s.depth()-1, len(to)
	for {
		what, err := s.next()
		switch {
		case err != nil:
			return to, err
		case what == ends && s.depth() == outside:
			return to, nil
		case what == chars && s.depth() == outside+1:
			if to, err = appendText(to, s.text, s.isPlain); err != nil {
				return to, err
			}
			if len(to)-from > mostText {
				return to, errLongText
			}
		}
	}
}

// CellName is the name of a cell: CellName(1, 4) is "A4".
func CellName(column, row int) string {
	var letters [4]byte
	i := len(letters)
	for ; column > 0 && i > 0; column = (column - 1) / 26 {
		i--
		letters[i] = byte('A' + (column-1)%26)
	}
	return string(letters[i:]) + strconv.Itoa(row)
}

// CellAt is where a cell of a name stands: "H5" is column 8, row 5.
func CellAt(name string) (column, row int, ok bool) {
	name = strings.ToUpper(plain(name))
	letters := strings.TrimRight(name, "0123456789")
	for _, l := range letters {
		if l < 'A' || l > 'Z' || column > lastColumn {
			return 0, 0, false
		}
		column = 26*column + int(l-'A') + 1
	}
	row, err := strconv.Atoi(name[len(letters):])
	return column, row, err == nil && letters != "" && column <= lastColumn
}

// plain takes the "$" out of a name of a cell.
func plain(cell string) string { return strings.ReplaceAll(cell, "$", "") }
