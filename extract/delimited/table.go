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
	Doubtful   bool   // the header may as well be a row: it looks like those below and no name in it is known
	Short      int    // all rows have this number of cells only; 0: they have all
	Beside     int    // the column without name behind which another table stands, 0: none does
	Perhaps    int    // such a column behind which one may stand, as its rows end with those of the first
	Units      int64  // the line below the header that says in what the columns are measured; 0: there is none
	Labels     int64  // the line below the header that names its columns once more, in other words; 0: there is none
	Spans      []bool // the columns without a name of their own over which the one before seems to stand
	Misfit     bool   // most rows do not fit the header: what they would need is no repair
}

// Found is everything a text turned out to hold.
type Found struct {
	D        Dialect
	Preamble []Record
	Tables   []Table
	Footer   []Record
	Joined   bool // the header stood in two lines
}

// Known tells which names are known to be those of columns. The zero value knows none.
type Known struct {
	Header func([]string) bool      // a record of these is surely a header
	Names  func([]string) bool      // each of these is the name of a column, of one kind of table
	Same   func(a, b []string) bool // all of these are the same columns of one kind of table, in other words
	Count  func([]string) int       // so many of these are, at most, of one kind of table
	Delim  byte                     // what the text is written with; 0: that is to be found out
}

func (k Known) header(names []string) bool { return k.Header != nil && k.Header(names) }
func (k Known) names(names []string) bool  { return k.Names != nil && k.Names(names) }

// better says whether a line above knows as many names as one that could be a header: email and subscribed are names
// of columns, and cells of a list of consents.
func (k Known) better(above []Record, r Record) bool {
	if k.Count == nil {
		return false
	}
	least := max(2, k.Count(Texts(r.Cells)))
	for _, a := range above {
		if len(a.Cells) == len(r.Cells) && k.Count(Texts(a.Cells)) >= least {
			return true
		}
	}
	return false
}

// Analyse finds the dialect, what stands before and after the data, and where tables begin. A record that
// is known to be a header is one, whatever it looks like, and a line of nothing but known names says how
// the file is written.
func Analyse(text []byte, known Known) Found {
	sample := text[:min(len(text), sniffSize)]
	settled, line := known.line(sample)
	s := sniff(sample, settled)
	f := Found{D: s.d}
	all := readRecords(text, s.d, s.width)
	if len(all) == 0 {
		return f
	}
	first, width := firstTable(all, s.width, s.d)
	for i, r := range all[:min(len(all), preambleLines)] {
		if known.header(Texts(r.Cells)) && !known.better(all[:i], r) || r.Line == line {
			first, width = i, len(r.Cells)
			break
		}
	}
	if at, ok := known.joined(all, first); ok {
		first, width = at, len(all[at].Cells)
		f.Joined = true
	}
	f.Preamble = all[:first]
	if f.Joined {
		f.Preamble = all[:first-1]
	}
	all = all[first:]
	for len(all) > 0 {
		short := shortRows(all[1:], width)
		n, next := tableEnd(all, width, short)
		if len(f.Tables) == 0 && next > 0 && about(all[:n], all[n:]) {
			f.Preamble = append(f.Preamble[:len(f.Preamble):len(f.Preamble)], all[:n]...)
			all, width = all[n:], next
			continue
		}
		t := newTable(all[:n], width, short, s.d, known)
		f.Tables = append(f.Tables, t)
		all, width = all[n:], next
		if next == 0 {
			f.Footer = all
			break
		}
	}
	return f
}

// preambleLines is how far down a header is looked for.
const preambleLines = 50

// Line says whether a line of known names was found that a delimiter parts.
func (k Known) Line(sample []byte) bool {
	_, line := k.line(sample)
	return line > 0
}

// line finds the line that holds nothing but known names: its delimiter is the file's, whatever the rows
// look like. A single name counts in the first line only; it has no delimiter. Line 0: there is none.
func (k Known) line(sample []byte) (delim byte, line int64) {
	if k.Delim != 0 {
		return k.Delim, 0
	}
	eol := lineEnd(sample)
	for n := int64(1); n <= preambleLines && len(sample) > 0; n++ {
		text, rest, _ := bytes.Cut(sample, []byte{eol})
		sample = rest
		if text = bytes.TrimSpace(text); len(text) == 0 || len(text) > longestMend {
			continue
		}
		for _, delim := range delimiters {
			if bytes.IndexByte(text, delim) < 0 {
				continue
			}
			cells, _, q := (Dialect{Delim: delim, Quote: '"'}).Cells(text, nil, nil)
			if q != Tidy || len(cells) < 2 || !k.names(Texts(cells)) {
				continue
			}
			if other := otherBelow(sample, eol, delim, len(cells)); other != 0 {
				return other, 0
			}
			return delim, n
		}
		if n == 1 && k.names([]string{string(bytes.Trim(text, `"`))}) {
			return single, n
		}
	}
	return 0, 0
}

// otherBelow is the delimiter that parts the lines below a header written with another one, which is in none of them;
// 0: they are written as the header is.
func otherBelow(text []byte, eol, delim byte, width int) byte {
	for _, other := range []byte(",;\t|") {
		rest, n := text, 0
		for len(rest) > 0 && n < 20 {
			line, after, ended := bytes.Cut(rest, []byte{eol})
			if rest = after; len(bytes.TrimSpace(line)) == 0 || !ended && n > 0 {
				continue
			}
			if n++; bytes.IndexByte(line, delim) >= 0 || bytes.Count(line, []byte{other}) != width-1 {
				n = -1
				break
			}
		}
		if n > 0 {
			return other
		}
	}
	return 0
}

// readRecords splits a whole text.
func readRecords(text []byte, d Dialect, width int) []Record {
	split := Splitter{D: d, MaxField: 1 << 20, MaxLines: 1000, Width: width}
	var all []Record
	var line int64 = 1
	gap := false
	for at := 0; at < len(text); {
		s, _ := split.Span(text[at:], true)
		raw := text[at+s.Start : at+s.End]
		cells, _, q := d.Cells(raw, nil, nil)
		if len(bytes.TrimSpace(raw)) > 0 && !Blank(cells) {
			all = append(all, Record{Cells: cells, Text: raw, Line: line, Start: at + s.Start, end: at + s.Next, Fault: s.Fault,
				quotes: q, gap: gap})
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
		if !c.Missing() && (c.quoted || len(bytes.TrimSpace(c.Text)) > 0) {
			return false
		}
	}
	return true
}

// newTable divides the records of a table into header and rows.
func newTable(all []Record, width, short int, d Dialect, known Known) Table {
	looks := newLooks(width)
	t := Table{Width: width, Looks: looks}
	checked, unfit := 0, 0
	for _, r := range all[min(1, len(all)-1):] {
		fits := len(r.Cells) == width || len(r.Cells) == short
		if fits && r.quotes != Open && r.Fault == records.Sound && !Rule(r.Cells) {
			looks.add(r.Cells)
		}
		if checked++; !fits && surplus(r.Cells, width) || r.quotes != Tidy {
			unfit++
		}
	}
	n := headerRows(all, looks, known)
	if n > 0 {
		t.Short = short
		t.Doubtful = !known.header(Texts(all[0].Cells)) && !known.names(Texts(all[0].Cells)) &&
			likeRows(all[0].Cells, all[1:], looks)
	}
	t.Misfit = checked >= fewRows && unfit*2 > checked
	for _, r := range all[:n] {
		if t.HeaderText == nil {
			t.HeaderText = r.Text
		}
		t.Header = append(t.Header, headerCells(r, width, d))
	}
	t.Rows = all[n:]
	if n > 0 && len(t.Rows) > 1 && isUnits(t.Rows[0].Cells, looks) {
		t.Units = t.Rows[0].Line
	}
	if n > 0 && len(t.Rows) > 1 && known.Same != nil && known.Same(Texts(t.Header[0]), Texts(t.Rows[0].Cells)) {
		t.Labels = t.Rows[0].Line
	}
	if n > 0 && len(t.Header[0]) == width {
		t.Beside, t.Perhaps = beside(t.Header[0], t.Rows)
		t.Spans = spans(t.Header[0], looks, t.Beside)
	}
	return t
}

// fewRows is from how many rows on what most of them have says something about the table.
const fewRows = 4

// shortRows says whether all rows are shorter than the header, and by the same: the number of their cells,
// 0 where that is not so.
func shortRows(rows []Record, width int) int {
	if len(rows) < 2 {
		return 0
	}
	short := len(rows[0].Cells)
	for _, r := range rows {
		if len(r.Cells) != short || r.quotes != Tidy || r.Fault != records.Sound {
			return 0
		}
	}
	if short >= width || short == 1 && otherBelow(rows[0].Text, '\n', 0, width) != 0 {
		return 0 // or written with another delimiter
	}
	return short
}

// surplus says whether a record does not fit a width: it has fewer cells, or more and not all of these empty.
func surplus(cells []Cell, width int) bool {
	return len(cells) < width || !Blank(cells[width:])
}

// Mend reads the damaged rows in the way that makes the best sense, and answers how many of them that is a
// guess for. Keys are the columns that say who or what a record is about.
func (t Table) Mend(d Dialect, keys []bool) (guessed int) {
	fix := Repairer{D: d, Width: t.Width, Looks: t.Looks, bold: true}
	careful := Repairer{D: d, Width: t.Width, Looks: t.Looks, Off: t.Misfit, Keys: keys}
	for i := range t.Rows {
		r := &t.Rows[i]
		if len(r.Cells) == t.Short && r.quotes == Tidy {
			r.Cells = append(r.Cells[:len(r.Cells):len(r.Cells)], make([]Cell, t.Width-t.Short)...)
		}
		sound := len(r.Cells) == t.Width && r.quotes == Tidy && r.Fault == records.Sound
		if sound && r.Text[0] != '\'' || Comment(r.Text, len(r.Cells), t.Width) {
			continue
		}
		if !sound && careful.land(r) {
			continue
		}
		if cells, verdict := fix.Mend(r.Text, r.quotes, true); verdict == Mended && !SameCells(cells, r.Cells) {
			r.Cells = cells
			guessed++
		} else if !sound {
			guessed++
		}
	}
	return guessed
}

// land gives a record the cells it lands with, and answers false where it does not.
func (r Repairer) land(one *Record) bool {
	whole, asItIs := r.Stands(one.Text, one.Cells, one.quotes, one.Fault)
	if !asItIs {
		cells, verdict := r.Mend(one.Text, one.quotes, one.Start+len(one.Text) < one.end)
		switch {
		case verdict == Mended:
			one.Cells = cells
			return true
		case verdict == OnlyAsk || !whole:
			return false
		}
	}
	one.Cells = one.Cells[:min(len(one.Cells), r.Width)]
	return true
}

// Comment says whether a row is none, but a line somebody wrote between the rows.
func Comment(text []byte, cells, width int) bool {
	if cells >= width {
		return false
	}
	for _, mark := range []string{"#", "//", "--", "<!--"} {
		if bytes.HasPrefix(text, []byte(mark)) {
			return true
		}
	}
	return false
}
