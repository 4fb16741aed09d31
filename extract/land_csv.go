package extract

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// csvRows lands records of a delimited file.
type csvRows struct {
	l       *landing
	d       dialect
	fix     repairer
	file    []byte
	headers [][]byte
	at      []int    // column of each header, -1 for none
	keys    [][]byte // `"Header":` for the ones without a column
	width   int      // columns of the table without the common ones
}

func newCSVRows(l *landing, s source, d dialect, t table) *csvRows {
	c := &csvRows{l: l, d: d, file: []byte(s.name), width: len(s.entity.Columns)}
	if len(t.header) == 0 {
		return c
	}
	headers := texts(t.header[0])
	c.fix = repairer{d: d, width: len(headers), looks: t.looks}
	c.at = s.entity.Match(headers)
	c.keys = make([][]byte, len(headers))
	for i, name := range uniqueNames(headers) {
		c.headers = append(c.headers, []byte(headers[i]))
		if c.at[i] < 0 {
			c.keys[i] = append(appendJSONText(nil, []byte(name)), ':')
		}
	}
	return c
}

// csvBlock is what the work on one block needs.
type csvBlock struct {
	*csvRows
	g     *rowGroup
	out   outcome
	cells []cell
	row   []cell
	arena []byte
	valid bool // the whole block is UTF-8
	tried int  // records that were to be mended
}

// maxMends is how many records of a block may be mended: a block with more is not damaged but something else.
const maxMends = 2000

func (c *csvRows) land(b *block, g *rowGroup) (outcome, error) {
	w := csvBlock{csvRows: c, g: g, row: make([]cell, c.width), valid: utf8.Valid(b.data)}
	c.l.fixProvenance(g, c.width+1, c.file)
	for i, m := range b.marks {
		w.record(b, m, b.record+int64(i))
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
func (w *csvBlock) record(b *block, m mark, number int64) {
	text, wrong := b.data[m.start:m.end], 0
	if !w.valid {
		text, w.arena, wrong = repairUTF8(text, w.arena)
	}
	var q quoting
	w.cells, w.arena, q = w.d.cells(text, w.cells[:0], w.arena)
	if q != tidy || m.fault != sound || w.misshapen() {
		w.tried++
		var cells []cell
		ok := false
		if m.fault != tooLong && w.tried <= maxMends {
			cells, ok = w.fix.mend(text, q)
		}
		if !ok && q == messy && m.fault == sound && !w.misshapen() {
			cells, ok = w.cells, true // as it stands
		}
		if !ok {
			w.out.rejects = append(w.out.rejects, reject{number, m.line, w.reason(m, q, m.end == len(b.data)), rawText(b.data[m.start:m.end])})
			return
		}
		w.cells = append(w.cells[:0], cells...)
		w.out.mended++
	}
	if w.isHeader() {
		w.out.repeated++
		return
	}
	if wrong > 0 {
		w.out.wrong++
	}
	w.put(number, m.line)
}

// misshapen says whether the record has too few cells, or more than the header and not all of these empty.
func (w *csvBlock) misshapen() bool {
	if len(w.cells) < len(w.headers) {
		return true
	}
	for _, x := range w.cells[len(w.headers):] {
		if !x.missing() {
			return true
		}
	}
	return false
}

// reason says why a record cannot land.
func (w *csvBlock) reason(m mark, q quoting, atEnd bool) string {
	switch {
	case m.fault == tooLong:
		return faultText(tooLong)
	case atEnd && len(w.cells) < len(w.headers):
		return faultText(cutOff)
	case q != tidy || m.fault != sound:
		return faultText(openQuote)
	}
	return fmt.Sprintf("%d columns, the header has %d", len(w.cells), len(w.headers))
}

// isHeader says whether the record is the header once more.
func (w *csvBlock) isHeader() bool {
	for i, h := range w.headers {
		if !bytes.Equal(w.cells[i].text, h) {
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
		switch {
		case w.at[j] >= 0:
			w.row[w.at[j]] = x
		case !x.missing():
			w.arena = appendMember(w.arena, extra, w.keys[j], x.text)
		}
	}
	for j, x := range w.row {
		if x.missing() {
			w.g.null(j)
		} else {
			w.g.text(j, x.text)
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

func faultText(f fault) string {
	switch f {
	case openQuote:
		return "a quote is opened and never closed"
	case tooLong:
		return "the record is longer than allowed"
	case cutOff:
		return "the file ends in the middle of this record"
	case strayText:
		return "text where no record can be"
	}
	return ""
}

// appendMember adds `"key":"text"` to the object that begins at start.
func appendMember(out []byte, start int, key, text []byte) []byte {
	if len(out) == start {
		out = append(out, '{')
	} else {
		out = append(out, ',')
	}
	return appendJSONText(append(out, key...), text)
}

// uniqueNames makes the second of two equal headers "name (2)".
func uniqueNames(headers []string) []string {
	out := make([]string, len(headers))
	seen := map[string]int{}
	for i, h := range headers {
		if h == "" {
			h = fmt.Sprintf("column %d", i+1)
		}
		seen[h]++
		if n := seen[h]; n > 1 {
			h = fmt.Sprintf("%s (%d)", h, n)
		}
		out[i] = h
	}
	return out
}

const hexDigits = "0123456789abcdef"

// appendJSONText adds a JSON string.
func appendJSONText(out, text []byte) []byte {
	out = append(out, '"')
	from := 0
	for i, b := range text {
		if b >= 0x20 && b != '"' && b != '\\' {
			continue
		}
		out = append(out, text[from:i]...)
		from = i + 1
		switch b {
		case '"', '\\':
			out = append(out, '\\', b)
		case '\n':
			out = append(out, '\\', 'n')
		case '\r':
			out = append(out, '\\', 'r')
		case '\t':
			out = append(out, '\\', 't')
		default:
			out = append(out, '\\', 'u', '0', '0', hexDigits[b>>4], hexDigits[b&15])
		}
	}
	return append(append(out, text[from:]...), '"')
}
