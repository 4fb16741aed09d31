package extract

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"ferry/extract/delimited"
	"ferry/extract/discovery"
	"ferry/extract/jsontext"
	"ferry/extract/layout"
	"ferry/extract/records"
	"ferry/extract/source"
)

// csvRows lands records of a delimited file.
type csvRows struct {
	l       *landing
	d       delimited.Dialect
	fix     delimited.Repairer
	file    []byte
	headers [][]byte
	at      []int               // column of each header, -1 for none
	keys    [][]byte            // `"Header":` for the ones without a column
	width   int                 // columns of the table without the common ones
	bare    bool                // the columns have no names, only numbers
	remark  string              // what is odd about the header
	another delimited.FirstLine // where another table seems to begin
	first   int64               // number of the first record
	known   bool                // names in the header are those of columns: where it is met again it is no row
	implied [][]byte            // for each column of the table the value that the file as a whole says, nil for none
	keyed   []bool              // columns that say who or what a record is about
	short   int                 // number of cells that all rows have, if fewer than the header
	units   int64               // the line that says in what the columns are measured, 0: none
	labels  int64               // the line that names the columns once more, 0: none
	astray  delimited.FirstLine // where the header is met again with its columns in another order
	layout  layout.Layout       // how the text was written before it was delimited
	beside  int                 // the column from which on the cells belong to another table, 0: none
	perhaps int                 // the column from which on they may, 0: none
}

func newCSVRows(l *landing, s discovery.Input, d delimited.Dialect, t delimited.Table) *csvRows {
	c := &csvRows{l: l, d: d, file: []byte(s.Name), width: len(s.Entity.Columns), first: 1}
	headers := discovery.HeaderNames(t)
	if (s.ByHand || s.Bare) && len(headers) < t.Width {
		c.bare = true
		c.remark = "there is no header: the columns are numbered"
		if len(headers) > 0 {
			c.remark = fmt.Sprintf("the header has %d names for %d columns: the columns are numbered", len(headers), t.Width)
		}
		headers = make([]string, t.Width)
	}
	c.at = s.Entity.Match(unquoted(headers, d.Quote))
	c.implied = make([][]byte, c.width)
	for i, name := range s.Entity.Columns {
		if value, ok := s.Implied[name]; ok {
			c.implied[i] = []byte(value)
		}
		if c.bare && len(headers) == 1 && name == "address" && s.Implied != nil {
			c.at[0] = i
		}
	}
	c.besides(t)
	c.keyed = discovery.KeyColumns(s.Entity, headers, c.at)
	c.fix = delimited.Repairer{D: d, Width: len(headers), Looks: t.Looks, Keys: c.keyed, Off: t.Misfit}
	c.short, c.units, c.labels, c.layout = t.Short, t.Units, t.Labels, s.Shape.Layout
	c.known = discovery.IsHeader(headers)
	c.keys = make([][]byte, len(headers))
	names, spanned := discovery.WrittenNames(t, headers, c.at)
	if spanned {
		c.remark = discovery.JoinNotes(c.remark, "a name that stands over several columns is taken for each of them")
	}
	for i, name := range names {
		c.headers = append(c.headers, discovery.InHeader(t, i, headers[i]))
		if c.at[i] < 0 {
			c.keys[i] = append(jsontext.AppendText(nil, []byte(name)), ':')
		}
	}
	return c
}

// besides leaves out a table that stands beside this one, unless its columns are those of the entity too.
func (c *csvRows) besides(t delimited.Table) {
	at := t.Beside + t.Perhaps // one of them is 0
	if at == 0 || slices.ContainsFunc(c.at[at:], func(at int) bool { return at >= 0 }) {
		return
	}
	c.beside, c.perhaps = t.Beside, t.Perhaps
	c.remark = discovery.JoinNotes(c.remark, c.besideSaid())
}

func (c *csvRows) besideSaid() string {
	switch {
	case c.perhaps > 0:
		return fmt.Sprintf("another table may stand beside this one, from column %d on: if so, save it as a file of its own",
			c.perhaps+2)
	case c.beside > 0:
		return fmt.Sprintf("another table stands beside this one, from column %d on, and is left out: "+
			"save it as a file of its own", c.beside+2)
	}
	return ""
}

// names are the columns as the header writes them and how many lines it has; without one they are numbered.
func (c *csvRows) names(t delimited.Table) ([]string, int) {
	if c.bare {
		return delimited.UniqueNames(make([]string, len(c.headers))), 0
	}
	return discovery.HeaderNames(t), len(t.Header)
}

// unquoted takes stray quotes off names, so that a damaged header is still understood.
func unquoted(names []string, quote byte) []string {
	if quote == 0 {
		return names
	}
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = strings.Trim(n, string(quote)+"'")
	}
	return out
}

// csvBlock is what the work on one block needs.
type csvBlock struct {
	*csvRows
	g     *rowGroup
	out   outcome
	cells []delimited.Cell
	row   []delimited.Cell
	arena []byte
	valid bool // the whole block is UTF-8
	nul   bool // somewhere in the block there are NUL bytes
	tried int  // records that were to be mended
	other delimited.AnotherTable
	doubt []delimited.Cell // what a rejected record may have meant
	names bool             // the next row to land is the first: it shows all columns, those too that never hold a value
}

func (c *csvRows) land(b *records.Block, g *rowGroup) (outcome, error) {
	w := csvBlock{csvRows: c, g: g, row: make([]delimited.Cell, c.width), valid: utf8.Valid(b.Data),
		nul: bytes.IndexByte(b.Data, 0) >= 0, names: b.Record == c.first}
	c.l.fixProvenance(g, c.width+1, c.file)
	for i, m := range b.Marks {
		w.record(b, m, b.Record+int64(i))
		if g.full() {
			if err := g.flush(); err != nil {
				return w.out, err
			}
			w.arena = w.arena[:0]
		}
	}
	return w.out, nil
}

// record lands or rejects one record.
func (w *csvBlock) record(b *records.Block, m records.Mark, number int64) {
	text, wrong := b.Data[m.Start:m.End], 0
	if !w.valid {
		text, w.arena, wrong = source.RepairUTF8(text, w.arena)
	}
	if w.nul && bytes.IndexByte(text, 0) >= 0 {
		text = bytes.ReplaceAll(text, []byte{0}, nil)
		w.out.nuls++
	}
	var q delimited.Quoting
	w.cells, w.arena, q = w.d.Cells(text, w.cells[:0], w.arena)
	if w.cells[0].Missing() && delimited.Blank(w.cells) {
		return
	}
	if delimited.Rule(w.cells) {
		w.out.rules++
		return
	}
	if w.short > 0 && len(w.cells) == w.short && q == delimited.Tidy && m.Fault == records.Sound {
		for len(w.cells) < len(w.headers) {
			w.cells = append(w.cells, delimited.Cell{})
		}
		w.out.padded++
	}
	if q != delimited.Tidy || m.Fault != records.Sound || len(w.cells) != len(w.headers) {
		if !w.mended(text, m, q, b, number) {
			if delimited.Comment(text, len(w.cells), len(w.headers)) {
				w.aside(b, m, number, "a comment")
				return
			}
			if w.other.Rejected(w.cells, m.Line) {
				w.another.Found(w.other.Line)
			}
			w.out.rejects = append(w.out.rejects, reject{number, m.Line, w.reason(m, q, cutOffAt(b, m)),
				w.raw(b.Data[m.Start:m.End]), w.readings()})
			return
		}
	}
	switch {
	case w.isHeader(), w.labels > 0 && m.Line == w.labels:
		w.out.repeated++
		return
	case w.known && delimited.Shuffled(w.headers, w.cells):
		w.astray.Found(m.Line)
		w.aside(b, m, number, "the header once more, in another order")
		return
	case w.beside > 0 && delimited.Blank(w.cells[:w.beside]):
		return // a row of the other table only
	case w.units > 0 && m.Line == w.units:
		w.aside(b, m, number, "a line of units or types")
		return
	case w.isTotal():
		w.aside(b, m, number, "a line of totals")
		return
	}
	if wrong > 0 {
		w.out.wrong++
	}
	w.other.Count = 0
	w.put(number, m.Line)
}

// aside rejects what is no record, though somebody may want to read it.
func (w *csvBlock) aside(b *records.Block, m records.Mark, number int64, is string) {
	w.out.strays++
	w.out.rejects = append(w.out.rejects, reject{number, m.Line, is + ", not a record", w.raw(b.Data[m.Start:m.End]), ""})
}

// raw is the text of a record as it was, in a drawn table with bars between its cells.
func (w *csvBlock) raw(text []byte) string {
	if w.layout.Drawn {
		text = bytes.ReplaceAll(text, []byte{layout.Delim}, []byte(cmp.Or(w.layout.Written, "|")))
	}
	return rawText(text)
}

// isHeader says whether the record is the header once more.
func (w *csvBlock) isHeader() bool {
	if w.bare || !w.known {
		return false
	}
	for i, h := range w.headers {
		if !bytes.Equal(w.cells[i].Text, h) {
			return false
		}
	}
	return true
}

// put adds the cells as a row.
func (w *csvBlock) put(number, line int64) {
	clear(w.row)
	extra := len(w.arena)
	for j, x := range w.cells[:len(w.at)] {
		if w.beside > 0 && j >= w.beside {
			break
		}
		switch {
		case w.at[j] >= 0:
			w.row[w.at[j]] = x
		case !x.Missing():
			w.arena = jsontext.AppendMember(w.arena, extra, w.keys[j], x.Text)
		case w.names && len(w.headers[j]) > 0:
			w.arena = append(jsontext.AppendKey(w.arena, extra, w.keys[j]), "null"...)
		}
	}
	w.names = false
	for j, x := range w.row {
		if x.Missing() && w.implied[j] != nil {
			w.g.text(j, w.implied[j])
		} else if x.Missing() {
			w.g.null(j)
		} else {
			w.g.text(j, x.Text)
		}
	}
	if len(w.arena) > extra {
		w.arena = append(w.arena, '}')
		w.g.text(w.width, w.arena[extra:len(w.arena):len(w.arena)])
	} else {
		w.g.null(w.width)
	}
	w.arena = w.l.provenance(w.g, w.width+1, w.arena, number, line)
	w.g.endRow()
	w.out.landed++
}
