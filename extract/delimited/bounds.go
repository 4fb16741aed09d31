package delimited

import (
	"bytes"
	"slices"
)

// firstTable passes over what stands before the table: lines of another shape than the data.
func firstTable(records []Record, width int, d Dialect) (first, tableWidth int) {
	if width <= 1 {
		return 0, 1
	}
	// A table of another width may come first, and a damaged header has not quite the width.
	for i, r := range records[:min(len(records), preambleLines)] {
		n := len(r.Cells)
		if n > width && filled(r.Cells) == n && headerLike(r.Cells) && shortRows(records[i+1:], n) == width {
			return i, n
		}
		if n != width && i+1 < len(records) && !records[i+1].gap && len(records[i+1].Cells) == width {
			if cells := headerCells(r, width, d); len(cells) == width && headerLike(cells) {
				records[i].Cells = cells
				return i, width
			}
		}
		if filled(r.Cells) < 2 || groupNames(records[i:], width) {
			continue
		}
		if n == width {
			return i, width
		}
		if run := runLength(records[i:]); run >= 3 && n > 1 && !nearly(n, width) && !labelled(r.Cells) {
			return i, n
		}
		if nearly(n, width) && headerLike(r.Cells) && i+1 < len(records) && len(records[i+1].Cells) == width {
			return i, width
		}
	}
	return 0, width
}

// labelled says whether a line tells something about the file: a word with a colon, and what is said of it.
func labelled(cells []Cell) bool {
	return bytes.HasSuffix(bytes.TrimSpace(cells[0].Text), []byte(":")) && filled(cells[min(2, len(cells)):]) == 0
}

// about says whether what stands before a table is no table of its own but tells about the file: a few lines, as
// wide as the table by chance, of which the first could not be a header.
func about(first []Record, next []Record) bool {
	return len(first) <= 3 && len(next) > 3 && next[0].gap && !headerLike(first[0].Cells) && headerLike(next[0].Cells)
}

// groupNames says whether the first line only names groups of the columns, or says something about the
// file in a few cells: half of it is empty, and so are the lines down to one that is not and could be a
// header, and what follows that is data.
func groupNames(all []Record, width int) bool {
	for i, r := range all[:min(len(all), preambleLines)] {
		if len(r.Cells) != width || filled(r.Cells)*2 > width+1 {
			return i > 0 && i+1 < len(all) && len(r.Cells) == width && len(all[i+1].Cells) == width &&
				filled(r.Cells) == width &&
				headerLike(r.Cells) && !headerLike(all[i+1].Cells)
		}
	}
	return false
}

// nearly says whether a number of cells is off by one or two only.
func nearly(n, width int) bool { return n > width/2 && n >= width-2 && n <= width+2 && n > 1 }

// onlyFirst says whether just the first of several cells has text.
func onlyFirst(cells []Cell) bool {
	return len(cells) > 1 && filled(cells) == 1 && len(cells[0].Text) > 0
}

func filled(cells []Cell) int {
	n := 0
	for _, c := range cells {
		if len(c.Text) > 0 {
			n++
		}
	}
	return n
}

// runLength is how many records from here on have the width of the first.
func runLength(records []Record) int {
	n := 0
	for n < len(records) && len(records[n].Cells) == len(records[0].Cells) && (n == 0 || !records[n].gap) {
		n++
	}
	return n
}

// tableEnd finds where a table of a width ends and how wide the next one is; 0 means that what is
// left is no table.
func tableEnd(records []Record, width, short int) (n, next int) {
	for i := 1; i < len(records); i++ {
		r := records[i]
		regular := len(r.Cells) == width && !onlyFirst(r.Cells) || len(r.Cells) == short
		switch {
		case shuffled(records[0].Cells, r.Cells):
			return i, width
		case regular && r.gap && apart(records[:i], records[i:]):
			return i, 0
		case regular && (!r.gap || !headerLike(r.Cells)):
			continue
		case regular:
			return i, width
		case len(r.Cells) > 1 && len(r.Cells) != width && runLength(records[i:]) >= 3 && headerLike(r.Cells):
			return i, len(r.Cells)
		case remark(r) && !returns(records[i+1:], width):
			return i, 0
		}
	}
	return len(records), 0
}

// shuffled says whether a line names the same columns as the header in another order.
func shuffled(header, cells []Cell) bool {
	if len(header) < 2 || len(cells) != len(header) || !slices.ContainsFunc(header, func(c Cell) bool {
		return len(c.Text) > 0 && bytes.Equal(c.Text, cells[0].Text)
	}) {
		return false
	}
	a, b := Texts(header), Texts(cells)
	if slices.Equal(a, b) {
		return false
	}
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

// Shuffled is the same for the texts of a header.
func Shuffled(header [][]byte, cells []Cell) bool {
	if !slices.ContainsFunc(header, func(h []byte) bool { return len(h) > 0 && bytes.Equal(h, cells[0].Text) }) {
		return false // as nearly always
	}
	names := make([]Cell, len(header))
	for i, h := range header {
		names[i].Text = h
	}
	return shuffled(names, cells)
}

// apart says whether a few lines behind a blank one tell about the file, though they have as many cells as the table:
// hardly any is filled, and the first says what of.
func apart(table, rest []Record) bool {
	if len(rest) > 5 || len(table) < 2 {
		return false
	}
	most := 0
	for _, r := range rest {
		most = max(most, filled(r.Cells))
	}
	for _, r := range table[:min(len(table), preambleLines)] {
		if filled(r.Cells) < 2*most {
			return false
		}
	}
	first := bytes.TrimSpace(rest[0].Cells[0].Text)
	return look(first) == kindText || bytes.HasSuffix(first, []byte(":")) || remark(rest[0])
}

// remark says whether a line below the data is a note rather than a record that was cut short: a
// sentence alone in its line, or a total or comment apart from the data.
func remark(r Record) bool {
	alone := len(r.Cells) == 1 || onlyFirst(r.Cells)
	if alone && look(r.Cells[0].Text) == kindText {
		return true
	}
	text := bytes.ToLower(bytes.TrimSpace(r.Text))
	for _, word := range []string{"total", "sum", "count", "#", "--", "end of", "generated", "exported"} {
		if bytes.HasPrefix(text, []byte(word)) {
			return alone || r.gap
		}
	}
	return false
}

// returns says whether a record of the width comes again.
func returns(records []Record, width int) bool {
	for _, r := range records {
		if len(r.Cells) == width && !onlyFirst(r.Cells) {
			return true
		}
	}
	return false
}
