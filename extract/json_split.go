package extract

import "bytes"

// lineSplitter finds the records of NDJSON: one to a line.
type lineSplitter struct{}

func (lineSplitter) span(buf []byte, final bool) (span, bool) {
	e := bytes.IndexByte(buf, '\n')
	if e < 0 && !final {
		return span{}, false
	}
	s := span{next: len(buf), end: len(buf)}
	if e >= 0 {
		s.next, s.end, s.lines = e+1, e, 1
	}
	line := buf[:s.end]
	s.start = skipSpace(line, 0)
	s.end = s.start + len(bytes.TrimRight(line[s.start:], " \t\r"))
	return s, true
}
