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
		cells, _, q := d.cells(raw, nil, nil)
		if len(bytes.TrimSpace(raw)) > 0 && !blank(cells) {
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

// blank says whether a line holds delimiters only: as little of a record as a blank line.
func blank(cells []cell) bool {
	for _, c := range cells {
		if !c.missing() {
			return false
		}
	}
	return true
}

// newTable divides the records of a table into header and rows.
func newTable(records []record, width int, d dialect, known func([]string) bool) table {
	looks := newLooks(width)
	t := table{width: width, looks: looks}
	for _, r := range records[min(1, len(records)-1):] {
		if len(r.cells) == width && r.quotes != open && r.fault == sound {
			looks.add(r.cells)
		}
	}
	n := headerRows(records, looks, known)
	for _, r := range records[:n] {
		if t.headerText == nil {
			t.headerText = r.text
		}
		t.header = append(t.header, headerCells(r, width, d))
	}
	t.rows = records[n:]
	return t
}

// mend reads the damaged rows in the way that makes the best sense.
func (t table) mend(d dialect) {
	fix := repairer{d: d, width: t.width, looks: t.looks, bold: true}
	for i := range t.rows {
		r := &t.rows[i]
		if len(r.cells) == t.width && r.quotes == tidy && r.fault == sound && r.text[0] != '\'' || comment(*r, t.width) {
			continue
		}
		if cells, ok := fix.mend(r.text, r.quotes, true); ok {
			r.cells = cells
		}
	}
}

// comment says whether a row is none, but a line somebody wrote between the rows.
func comment(r record, width int) bool {
	if len(r.cells) >= width {
		return false
	}
	for _, mark := range []string{"#", "//", "--", "<!--"} {
		if bytes.HasPrefix(r.text, []byte(mark)) {
			return true
		}
	}
	return false
}
