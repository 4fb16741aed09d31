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

// jsonSplitter finds the objects of a JSON array, or of objects written one after the other, over as
// many lines as they like. Damage ends with the line it is on: reading goes on with the next line that
// begins an object. Wrapped means the array stands in an object, and nothing after its end counts.
type jsonSplitter struct{ wrapped, ended bool }

func (j *jsonSplitter) span(buf []byte, final bool) (span, bool) {
	i := 0
	for i < len(buf) && (buf[i] <= ' ' || buf[i] == ',' || buf[i] == '[' || buf[i] == ']') {
		j.ended = j.ended || j.wrapped && buf[i] == ']'
		i++
	}
	if j.ended {
		return span{next: len(buf), lines: lines(buf)}, true
	}
	if i == len(buf) {
		return span{start: i, end: i, next: i, lines: lines(buf)}, final || i > 0
	}
	end, err := jsonValue(buf, i, 1)
	if err == nil && (end < len(buf) || final) {
		return span{start: i, end: end, next: end, lines: lines(buf[:end])}, true
	}
	if err == errCut && !final || err == nil {
		return span{}, false
	}
	return damaged(buf, i, end, final)
}

// damaged passes over an object that is no JSON: up to the end of the line with the error, or up to
// the line itself when that one begins a new object.
func damaged(buf []byte, start, at int, final bool) (span, bool) {
	at = min(at, len(buf))
	line := bytes.LastIndexByte(buf[:at], '\n') + 1
	s := span{start: start, fault: strayText}
	if line > start && skipSpace(buf, line) < len(buf) && buf[skipSpace(buf, line)] == '{' {
		s.next = line
	} else if k := bytes.IndexByte(buf[at:], '\n'); k >= 0 {
		s.next = at + k + 1
	} else if final {
		s.next = len(buf)
	} else {
		return span{}, false
	}
	s.end = start + len(bytes.TrimRight(buf[start:s.next], ", \t\r\n"))
	s.lines = lines(buf[:s.next])
	return s, true
}

func lines(text []byte) int64 { return int64(bytes.Count(text, []byte{'\n'})) }
