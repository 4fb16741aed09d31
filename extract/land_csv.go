package extract

import (
	"fmt"
)

// csvRows lands records of a delimited file.
type csvRows struct {
	l       *landing
	d       dialect
	file    []byte
	headers []string
	at      []int    // column of each header, -1 for none
	keys    [][]byte // `"Header":` for the ones without a column
	width   int      // columns of the table without the common ones
}

func newCSVRows(l *landing, s source, d dialect, headers []string) *csvRows {
	c := &csvRows{l: l, d: d, file: []byte(s.name), headers: headers, at: s.entity.Match(headers), width: len(s.entity.Columns)}
	c.keys = make([][]byte, len(headers))
	for i, name := range uniqueNames(headers) {
		if c.at[i] < 0 {
			c.keys[i] = append(appendJSONText(nil, []byte(name)), ':')
		}
	}
	return c
}

func (c *csvRows) land(b *block, g *rowGroup) (out []reject, landed int64, err error) {
	var cells []cell
	var arena []byte
	row := make([]cell, c.width)
	for i, m := range b.marks {
		record := b.record + int64(i)
		text := b.data[m.start:m.end]
		var ok bool
		cells, arena, ok = c.d.cells(text, cells[:0], arena)
		if reason := c.refuse(m, cells, ok); reason != "" {
			out = append(out, reject{record, m.line, reason, rawText(text)})
			continue
		}
		for j := range row {
			row[j] = cell{}
		}
		extra := len(arena)
		for j, x := range cells[:min(len(cells), len(c.at))] {
			switch {
			case c.at[j] >= 0:
				row[c.at[j]] = x
			case !x.missing():
				arena = appendMember(arena, extra, c.keys[j], x.text)
			}
		}
		for j, x := range row {
			if x.missing() {
				g.null(j)
			} else {
				g.text(j, x.text)
			}
		}
		if len(arena) > extra {
			arena = append(arena, '}')
			g.text(c.width, arena[extra:len(arena):len(arena)])
		} else {
			g.null(c.width)
		}
		arena = c.l.provenance(g, c.width+1, arena, c.file, record, m.line)
		landed++
		if g.endRow() {
			if err := g.flush(); err != nil {
				return out, landed, err
			}
			arena = arena[:0]
		}
	}
	return out, landed, nil
}

// refuse says why a record cannot land, or "".
func (c *csvRows) refuse(m mark, cells []cell, quotesClosed bool) string {
	if reason := faultText(m.fault); reason != "" {
		return reason
	}
	if !quotesClosed {
		return faultText(openQuote)
	}
	if len(cells) < len(c.headers) {
		return fmt.Sprintf("%d columns, the header has %d", len(cells), len(c.headers))
	}
	for _, x := range cells[len(c.headers):] {
		if !x.missing() {
			return fmt.Sprintf("%d columns, the header has %d", len(cells), len(c.headers))
		}
	}
	return ""
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
