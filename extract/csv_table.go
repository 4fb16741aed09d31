package extract

import "bytes"

// record is one record of a delimited text held in memory.
type record struct {
	cells  []cell
	text   []byte
	line   int64
	start  int // where it begins in the text
	end    int // where the next line begins
	fault  fault
	quotes quoting
	gap    bool // a blank line stands before it
}

// table is one table found in a text.
type table struct {
	header [][]cell // no row: the table has no header
	rows   []record
	width  int
	looks  columnLooks

	headerText []byte // the first line of the header as it stands in the file
}

// found is everything a text turned out to hold.
type found struct {
	d        dialect
	preamble []record
	tables   []table
	footer   []record
}

// analyse finds the dialect, what stands before and after the data, and where tables begin. A record
// that known recognises is a header, whatever it looks like.
func analyse(text []byte, known func([]string) bool) found {
	s := sniff(text[:min(len(text), sampleSize)])
	f := found{d: s.d}
	records := readRecords(text, s.d)
	if len(records) == 0 {
		return f
	}
	first, width := firstTable(records, s.width, s.d)
	for i, r := range records[:min(len(records), 50)] {
		if known != nil && known(texts(r.cells)) {
			first, width = i, len(r.cells)
			break
		}
	}
	f.preamble = records[:first]
	records = records[first:]
	for len(records) > 0 {
		n, next := tableEnd(records, width)
		t := newTable(records[:n], width, s.d, known)
		f.tables = append(f.tables, t)
		records, width = records[n:], next
		if next == 0 {
			f.footer = records
			break
		}
	}
	return f
}

// readRecords splits a whole text.
func readRecords(text []byte, d dialect) []record {
	split := csvSplitter{d: d, maxField: 1 << 20, maxLines: 1000}
	var all []record
	var line int64 = 1
	gap := false
	for at := 0; at < len(text); {
		s, _ := split.span(text[at:], true)
		raw := text[at+s.start : at+s.end]
		if len(bytes.TrimSpace(raw)) > 0 {
			cells, _, q := d.cells(raw, nil, nil)
			all = append(all, record{cells: cells, text: raw, line: line, start: at, end: at + s.next, fault: s.fault, quotes: q, gap: gap})
			gap = false
		} else {
			gap = true
		}
		line += s.lines
		at += s.next
	}
	return all
}

// firstTable passes over what stands before the table: lines of another shape than the data.
func firstTable(records []record, width int, d dialect) (first, tableWidth int) {
	if width <= 1 {
		return 0, 1
	}
	// A table of another width may come first, and a damaged header has not quite the width.
	for i, r := range records[:min(len(records), 50)] {
		n := len(r.cells)
		if n == 1 && i+1 < len(records) && !records[i+1].gap && len(records[i+1].cells) == width {
			if cells, ok := (repairer{d: d, width: width}).otherDelimiter(r.text); ok && headerLike(cells) {
				records[i].cells = cells
				return i, width
			}
		}
		if filled(r.cells) < 2 {
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

// headerLike says whether the cells could be names of columns.
func headerLike(cells []cell) bool {
	seen := map[string]bool{}
	for _, c := range cells {
		k := look(c.text)
		if k == kindEmpty {
			continue
		}
		if k != kindToken && k != kindText || len(c.text) > 100 || seen[string(c.text)] {
			return false
		}
		seen[string(c.text)] = true
	}
	return len(seen)*2 > len(cells)
}

// newTable divides the records of a table into header and rows.
func newTable(records []record, width int, d dialect, known func([]string) bool) table {
	looks := make(columnLooks, width)
	t := table{width: width, looks: looks}
	for _, r := range records[min(1, len(records)-1):] {
		if len(r.cells) == width && r.quotes != open {
			looks.add(r.cells)
		}
	}
	n := headerRows(records, looks, known)
	blind := repairer{d: d, width: width, looks: make(columnLooks, width), bold: true}
	for _, r := range records[:n] {
		if t.headerText == nil {
			t.headerText = r.text
		}
		if len(r.cells) < width {
			if cells, ok := blind.mend(r.text, r.quotes); ok {
				r.cells = cells
			}
		}
		t.header = append(t.header, r.cells)
	}
	t.rows = records[n:]
	fix := repairer{d: d, width: width, looks: looks, bold: true}
	for i := range t.rows {
		r := &t.rows[i]
		if len(r.cells) == width && r.quotes == tidy && r.fault == sound {
			continue
		}
		if cells, ok := fix.mend(r.text, r.quotes); ok {
			r.cells = cells
		}
	}
	return t
}

// headerRows counts the lines of the header.
func headerRows(records []record, looks columnLooks, known func([]string) bool) int {
	if !(known != nil && known(texts(records[0].cells))) && !isHeader(records[0].cells, looks, len(records)) {
		return 0
	}
	n := 1
	for n < len(records) && n < 4 && sameCells(records[n].cells, records[0].cells) {
		n++
	}
	return n
}

func sameCells(a, b []cell) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !bytes.Equal(a[i].text, b[i].text) {
			return false
		}
	}
	return true
}

// isHeader says whether the first record names the columns rather than being one more row.
func isHeader(cells []cell, looks columnLooks, records int) bool {
	names, typed, agree := 0, 0, 0
	for i, c := range cells {
		if i >= len(looks) {
			break
		}
		k := look(c.text)
		if best, ok := looks.typed(i); ok {
			typed++
			if k == best {
				agree++
			}
			continue
		}
		if k == kindToken || k == kindText {
			names++
		}
	}
	switch {
	case records == 1:
		return headerLike(cells) || allTokens(cells)
	case typed > 0:
		return agree*2 < typed
	}
	return names*2 > len(cells) && !seenBelow(cells, looks)
}

func allTokens(cells []cell) bool {
	for _, c := range cells {
		if k := look(c.text); k != kindToken && k != kindText {
			return false
		}
	}
	return true
}

// seenBelow says whether the first record is longer text than a name would be.
func seenBelow(cells []cell, looks columnLooks) bool {
	long := 0
	for _, c := range cells {
		if len(c.text) > 60 {
			long++
		}
	}
	return long > 0
}
