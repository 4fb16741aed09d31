package delimited

import (
	"bytes"

	"ferry/extract/records"
)

// Splitter finds records of a delimited file. A quoted field may run over several lines, but only
// as far as maxField bytes and maxLines lines, and only if its closing quote is one: followed by a
// delimiter or a line end. Otherwise the quote is taken to be damage of its own line, and reading goes
// on with the next.
type Splitter struct {
	D        Dialect
	MaxField int
	MaxLines int64
	Header   []byte // a line like this is no record
	Repeated *int64 // counts such lines
	// Width is the number of cells of a record. A line in which a line end of another kind stands between several such
	// records is taken for these; 0: it is text.
	Width int
}

// mark is what a program of Windows puts at the beginning of a file; where files were put together one stands in the
// middle.
var mark = []byte("\ufeff")

// StrayQuote says that a cell without quotes around it has one in it: text, or a delimiter is missing.
const StrayQuote records.Fault = 100

func (c Splitter) Span(buf []byte, final bool) (records.Span, bool) {
	if !bytes.HasPrefix(buf, mark) {
		return c.span(buf, final)
	}
	s, ok := c.span(buf[len(mark):], final)
	s.Start, s.End, s.Next = s.Start+len(mark), s.End+len(mark), s.Next+len(mark)
	return s, ok
}

func (c Splitter) span(buf []byte, final bool) (records.Span, bool) {
	var s records.Span
	field := 0 // where the search for the next quote begins
	for {
		e := bytes.IndexByte(buf[field:], c.D.eol)
		if e < 0 && !final {
			return s, false
		}
		end := len(buf)
		if e >= 0 {
			end = field + e
		}
		open, stray := c.opening(buf, field, end)
		if stray {
			s.Fault = StrayQuote
		}
		if open < 0 && e >= 0 && s.Lines < c.MaxLines && c.D.goesOn(buf[:end]) {
			s.Lines++
			field = end + 1
			continue
		}
		if open < 0 {
			return c.complete(s, buf, end), true
		}
		closing, lines, state := c.closing(buf, open, end, final)
		switch state {
		case needMore:
			return s, false
		case notClosed:
			s.Fault = records.OpenQuote
			first := bytes.IndexByte(buf, c.D.eol)
			if first < 0 {
				first = len(buf)
			}
			s.Lines = 0
			return c.complete(s, buf, first), true
		}
		s.Lines += lines
		field = closing + 1
	}
}

// complete ends the record before position end.
func (c Splitter) complete(s records.Span, buf []byte, end int) records.Span {
	s.Next = min(end+1, len(buf))
	if end < len(buf) {
		s.Lines++
	}
	for c.D.eol == '\n' && end > 0 && buf[end-1] == '\r' {
		end--
	}
	if first := c.otherEnd(buf[:end]); first > 0 {
		return records.Span{End: first, Next: first + 1}
	}
	s.End = end
	if c.Header != nil && bytes.Equal(buf[:end], c.Header) {
		s.End, s.Fault = 0, records.Sound
		*c.Repeated++
	}
	return s
}

// otherEnd is where the first of several records in one line ends, 0 if it holds one.
func (c Splitter) otherEnd(line []byte) int {
	other := byte('\r')
	if c.D.eol == '\r' {
		other = '\n'
	}
	first := bytes.IndexByte(line, other)
	if first <= 0 || c.Width < 2 {
		return 0
	}
	for _, piece := range bytes.Split(line, []byte{other}) {
		if cells, _, q := c.D.Cells(piece, nil, nil); len(cells) != c.Width || q != Tidy {
			return 0
		}
	}
	return first
}

// opening finds the first quote between from and end that opens a field, or -1; stray says that quotes
// before it do not.
func (c Splitter) opening(buf []byte, from, end int) (at int, stray bool) {
	if c.D.Quote == 0 {
		return -1, false
	}
	for i := from; i < end; {
		k := bytes.IndexByte(buf[i:end], c.D.Quote)
		if k < 0 {
			return -1, stray
		}
		before := i + k // where the cell begins, if only blanks stand before the quote
		for before > 0 && c.D.blank(buf[before-1]) {
			before--
		}
		if c.D.formulas && before > 0 && buf[before-1] == '=' {
			before--
		}
		if at := i + k; before == 0 || buf[before-1] == c.D.Delim {
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
func (c Splitter) closing(buf []byte, open, lineEnd int, final bool) (at int, lines int64, state closingState) {
	d := c.D
	for i := open + 1; ; {
		k := bytes.IndexByte(buf[i:], d.Quote)
		limit := i + k
		if k < 0 {
			limit = len(buf)
		}
		if limit > lineEnd {
			lines += int64(bytes.Count(buf[max(i, lineEnd):limit], []byte{d.eol}))
		}
		if limit > lineEnd && limit-open > c.MaxField || lines > c.MaxLines || k < 0 && final {
			return 0, 0, notClosed
		}
		if k < 0 {
			return 0, 0, needMore
		}
		at = limit
		if d.escape != 0 && d.escape != d.Quote && escaped(buf[open+1:at], d.escape) {
			i = at + 1
			continue
		}
		after := at + 1
		for after < len(buf) && d.blank(buf[after]) {
			after++
		}
		if after == len(buf) && !final {
			return 0, 0, needMore
		}
		switch {
		case after == len(buf) || buf[after] == d.Delim || buf[after] == d.eol || d.eol == '\n' && buf[after] == '\r':
			return at, lines, closed
		case buf[at+1] == d.Quote:
			i = at + 2
		case at < lineEnd:
			i = at + 1
		default:
			return 0, 0, notClosed
		}
	}
}
