package extract

import "bytes"

// firstTable passes over what stands before the table: lines of another shape than the data.
func firstTable(records []record, width int, d dialect) (first, tableWidth int) {
	if width <= 1 {
		return 0, 1
	}
	// A table of another width may come first, and a damaged header has not quite the width.
	for i, r := range records[:min(len(records), 50)] {
		n := len(r.cells)
		if n != width && i+1 < len(records) && !records[i+1].gap && len(records[i+1].cells) == width {
			if cells := headerCells(r, width, d); len(cells) == width && headerLike(cells) {
				records[i].cells = cells
				return i, width
			}
		}
		if filled(r.cells) < 2 || groupNames(records[i:], width) {
			continue
		}
		if n == width {
			return i, width
		}
		if run := runLength(records[i:]); run >= 3 && n > 1 && !nearly(n, width) {
			return i, n
		}
		if nearly(n, width) && headerLike(r.cells) && i+1 < len(records) && len(records[i+1].cells) == width {
			return i, width
		}
	}
	return 0, width
}

// groupNames says whether the first line only names groups of the columns whose names stand below it: half
// of it is empty, the next is not and could be a header, and what follows that is data.
func groupNames(records []record, width int) bool {
	if len(records) < 3 || len(records[0].cells) != width || filled(records[0].cells)*2 > width+1 {
		return false
	}
	names, row := records[1].cells, records[2].cells
	if len(names) != width || len(row) != width || filled(names) < width || !headerLike(names) {
		return false
	}
	return !headerLike(row)
}

// nearly says whether a number of cells is off by one or two only.
func nearly(n, width int) bool { return n > width/2 && n >= width-2 && n <= width+2 && n > 1 }

// onlyFirst says whether just the first of several cells has text.
func onlyFirst(cells []cell) bool {
	return len(cells) > 1 && filled(cells) == 1 && len(cells[0].text) > 0
}

func filled(cells []cell) int {
	n := 0
	for _, c := range cells {
		if len(c.text) > 0 {
			n++
		}
	}
	return n
}

// runLength is how many records from here on have the width of the first.
func runLength(records []record) int {
	n := 0
	for n < len(records) && len(records[n].cells) == len(records[0].cells) && (n == 0 || !records[n].gap) {
		n++
	}
	return n
}

// tableEnd finds where a table of a width ends and how wide the next one is; 0 means that what is
// left is no table.
func tableEnd(records []record, width int) (n, next int) {
	for i := 1; i < len(records); i++ {
		r := records[i]
		regular := len(r.cells) == width && !onlyFirst(r.cells)
		switch {
		case regular && (!r.gap || !headerLike(r.cells)):
			continue
		case regular:
			return i, width
		case len(r.cells) > 1 && len(r.cells) != width && runLength(records[i:]) >= 3 && headerLike(r.cells):
			return i, len(r.cells)
		case remark(r) && !returns(records[i+1:], width):
			return i, 0
		}
	}
	return len(records), 0
}

// remark says whether a line below the data is a note rather than a record that was cut short: a
// sentence alone in its line, or a total or comment apart from the data.
func remark(r record) bool {
	alone := len(r.cells) == 1 || onlyFirst(r.cells)
	if alone && look(r.cells[0].text) == kindText {
		return true
	}
	text := bytes.ToLower(bytes.TrimSpace(r.text))
	for _, word := range []string{"total", "sum", "count", "#", "--", "end of", "generated", "exported"} {
		if bytes.HasPrefix(text, []byte(word)) {
			return alone || r.gap
		}
	}
	return false
}

// returns says whether a record of the width comes again.
func returns(records []record, width int) bool {
	for _, r := range records {
		if len(r.cells) == width && !onlyFirst(r.cells) {
			return true
		}
	}
	return false
}
