package extract

import "bytes"

// csvSplitter finds records of a delimited file. A quoted field may run over several lines, but only
// as far as maxField bytes and maxLines lines, and only if its closing quote is one: followed by a
// delimiter or a line end. Otherwise the quote is taken to be damage of its own line, and reading goes
// on with the next.
type csvSplitter struct {
	d        dialect
	maxField int
	maxLines int64
	header   []byte // a line like this is no record
	repeated *int64 // counts such lines
}

// strayQuote says that a cell without quotes around it has one in it: text, or a delimiter is missing.
const strayQuote fault = 100

func (c csvSplitter) span(buf []byte, final bool) (span, bool) {
	var s span
	field := 0 // where the search for the next quote begins
	for {
		e := bytes.IndexByte(buf[field:], c.d.eol)
		if e < 0 && !final {
			return s, false
		}
		end := len(buf)
		if e >= 0 {
			end = field + e
		}
		open, stray := c.opening(buf, field, end)
		if stray {
			s.fault = strayQuote
		}
		if open < 0 {
			return c.complete(s, buf, end), true
		}
		closing, lines, state := c.closing(buf, open, end, final)
		switch state {
		case needMore:
			return s, false
		case notClosed:
			s.fault = openQuote
			first := bytes.IndexByte(buf, c.d.eol)
			if first < 0 {
				first = len(buf)
			}
			s.lines = 0
			return c.complete(s, buf, first), true
		}
		s.lines += lines
		field = closing + 1
	}
}

// complete ends the record before position end.
func (c csvSplitter) complete(s span, buf []byte, end int) span {
	s.next = min(end+1, len(buf))
	if end < len(buf) {
		s.lines++
	}
	if c.d.eol == '\n' && end > 0 && buf[end-1] == '\r' {
		end--
	}
	s.end = end
	if c.header != nil && bytes.Equal(buf[:end], c.header) {
		s.end, s.fault = 0, sound
		*c.repeated++
	}
	return s
}

// opening finds the first quote between from and end that opens a field, or -1; stray says that quotes
// before it do not.
func (c csvSplitter) opening(buf []byte, from, end int) (at int, stray bool) {
	if c.d.quote == 0 {
		return -1, false
	}
	for i := from; i < end; {
		k := bytes.IndexByte(buf[i:end], c.d.quote)
		if k < 0 {
			return -1, stray
		}
		if at := i + k; at == 0 || buf[at-1] == c.d.delim || c.d.pad && at > 1 && buf[at-1] == ' ' && buf[at-2] == c.d.delim {
			return at, stray
		}
		stray = true
		i += k + 1
	}
	return -1, stray
}

type closingState int

const (
	closed closingState = iota
	notClosed
	needMore
)

// closing finds the quote that ends the field opened at open. Within the line a stray quote is passed
// over; beyond it the first quote that is not doubled must be the closing one.
func (c csvSplitter) closing(buf []byte, open, lineEnd int, final bool) (at int, lines int64, state closingState) {
	d := c.d
	for i := open + 1; ; {
		k := bytes.IndexByte(buf[i:], d.quote)
		limit := i + k
		if k < 0 {
			limit = len(buf)
		}
		if limit > lineEnd {
			lines += int64(bytes.Count(buf[max(i, lineEnd):limit], []byte{d.eol}))
		}
		if limit > lineEnd && limit-open > c.maxField || lines > c.maxLines || k < 0 && final {
			return 0, 0, notClosed
		}
		if k < 0 {
			return 0, 0, needMore
		}
		at = limit
		if d.escape != 0 && d.escape != d.quote && escaped(buf[open+1:at], d.escape) {
			i = at + 1
			continue
		}
		if at+1 == len(buf) && !final {
			return 0, 0, needMore
		}
		switch {
		case at+1 == len(buf) || buf[at+1] == d.delim || buf[at+1] == d.eol || d.eol == '\n' && buf[at+1] == '\r':
			return at, lines, closed
		case buf[at+1] == d.quote:
			i = at + 2
		case at < lineEnd:
			i = at + 1
		default:
			return 0, 0, notClosed
		}
	}
}
