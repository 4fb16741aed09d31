// Package delimited makes tables of delimited text: which delimiter and quotes it is written with, what
// stands before and after the data, where a record ends, and how a damaged one is read if there is only
// one convincing way. It knows nothing of entities, Parquet or files. Start at Analyse for a whole text, at
// Splitter and Dialect for a stream, at Repairer for damage.
package delimited

import (
	"bytes"

	"ferry/extract/records"
)

// Record is one record of a delimited text held in memory.
type Record struct {
	Cells  []Cell
	Text   []byte
	Line   int64
	Start  int // where it begins in the text
	end    int // where the next line begins
	Fault  records.Fault
	quotes Quoting
	gap    bool // a blank line stands before it
}

// Table is one table found in a text.
type Table struct {
	Header [][]Cell // no row: the table has no header
	Rows   []Record
	Width  int
	Looks  columnLooks

	HeaderText []byte // the first line of the header as it stands in the file
}

// Found is everything a text turned out to hold.
type Found struct {
	D        Dialect
	Preamble []Record
	Tables   []Table
	Footer   []Record
}

// Analyse finds the dialect, what stands before and after the data, and where tables begin. A record
// that known recognises is a header, whatever it looks like.
func Analyse(text []byte, known func([]string) bool) Found {
	s := sniff(text[:min(len(text), sniffSize)])
	f := Found{D: s.d}
	records := readRecords(text, s.d)
	if len(records) == 0 {
		return f
	}
	first, width := firstTable(records, s.width, s.d)
	for i, r := range records[:min(len(records), 50)] {
		if known != nil && known(Texts(r.Cells)) {
			first, width = i, len(r.Cells)
			break
		}
	}
	f.Preamble = records[:first]
	records = records[first:]
	for len(records) > 0 {
		n, next := tableEnd(records, width)
		t := newTable(records[:n], width, s.d, known)
		f.Tables = append(f.Tables, t)
		records, width = records[n:], next
		if next == 0 {
			f.Footer = records
			break
		}
	}
	return f
}

// readRecords splits a whole text.
func readRecords(text []byte, d Dialect) []Record {
	split := Splitter{D: d, MaxField: 1 << 20, MaxLines: 1000}
	var all []Record
	var line int64 = 1
	gap := false
	for at := 0; at < len(text); {
		s, _ := split.Span(text[at:], true)
		raw := text[at+s.Start : at+s.End]
		cells, _, q := d.Cells(raw, nil, nil)
		if len(bytes.TrimSpace(raw)) > 0 && !Blank(cells) {
			all = append(all, Record{Cells: cells, Text: raw, Line: line, Start: at, end: at + s.Next, Fault: s.Fault, quotes: q, gap: gap})
			gap = false
		} else {
			gap = true
		}
		line += s.Lines
		at += s.Next
	}
	return all
}

// Blank says whether a line holds delimiters only: as little of a record as a blank line.
func Blank(cells []Cell) bool {
	for _, c := range cells {
		if !c.Missing() {
			return false
		}
	}
	return true
}

// newTable divides the records of a table into header and rows.
func newTable(all []Record, width int, d Dialect, known func([]string) bool) Table {
	looks := newLooks(width)
	t := Table{Width: width, Looks: looks}
	for _, r := range all[min(1, len(all)-1):] {
		if len(r.Cells) == width && r.quotes != Open && r.Fault == records.Sound {
			looks.add(r.Cells)
		}
	}
	n := headerRows(all, looks, known)
	for _, r := range all[:n] {
		if t.HeaderText == nil {
			t.HeaderText = r.Text
		}
		t.Header = append(t.Header, headerCells(r, width, d))
	}
	t.Rows = all[n:]
	return t
}

// Mend reads the damaged rows in the way that makes the best sense.
func (t Table) Mend(d Dialect) {
	fix := Repairer{D: d, Width: t.Width, Looks: t.Looks, bold: true}
	for i := range t.Rows {
		r := &t.Rows[i]
		if len(r.Cells) == t.Width && r.quotes == Tidy && r.Fault == records.Sound && r.Text[0] != '\'' || Comment(*r, t.Width) {
			continue
		}
		if cells, ok := fix.Mend(r.Text, r.quotes, true); ok {
			r.Cells = cells
		}
	}
}

// Comment says whether a row is none, but a line somebody wrote between the rows.
func Comment(r Record, width int) bool {
	if len(r.Cells) >= width {
		return false
	}
	for _, mark := range []string{"#", "//", "--", "<!--"} {
		if bytes.HasPrefix(r.Text, []byte(mark)) {
			return true
		}
	}
	return false
}
