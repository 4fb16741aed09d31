package jsontext

import (
	"bytes"

	"ferry/extract/records"
)

// mark is what a program of Windows puts at the beginning of a file.
var mark = []byte("\ufeff")

// Lines finds the records of NDJSON: one to a line.
type Lines struct{}

func (Lines) Span(buf []byte, final bool) (records.Span, bool) {
	e := bytes.IndexByte(buf, '\n')
	if e < 0 && !final {
		return records.Span{}, false
	}
	s := records.Span{Next: len(buf), End: len(buf)}
	if e >= 0 {
		s.Next, s.End, s.Lines = e+1, e, 1
	}
	line := buf[:s.End]
	s.Start = SkipSpace(line, 0)
	if bytes.HasPrefix(line[s.Start:], mark) { // files were put together
		s.Start = SkipSpace(line, s.Start+len(mark))
	}
	s.End = s.Start + len(bytes.TrimRight(line[s.Start:], " \t\r"))
	return s, true
}

// Objects finds the objects of a JSON array, or of objects written one after the other, over as
// many lines as they like. Damage ends with the line it is on: reading goes on with the next line that
// begins an object. Wrapped means the array stands in an object, and nothing after its end counts.
//
// Keyed means that the objects are the values of one object, by their keys: a record is then a key, a
// colon and an object.
type Objects struct {
	Wrapped, Keyed bool
	depth          int  // of a wrapped array: how many objects it stands in
	ended, over    bool // the array has, and nothing comes after it
}

// NewObjects splits the array behind a head, which is what Wrapped passes over.
func NewObjects(head []byte, keyed bool) *Objects {
	return &Objects{Wrapped: len(head) > 0, Keyed: keyed, depth: depthOf(head)}
}

func (j *Objects) Span(buf []byte, final bool) (records.Span, bool) {
	i := 0
	for i < len(buf) && (buf[i] <= ' ' || buf[i] == ',' || buf[i] == '[' || buf[i] == ']' ||
		bytes.IndexByte(mark, buf[i]) >= 0 || j.Keyed && (buf[i] == '{' || buf[i] == '}')) {
		j.ended = j.ended || j.Wrapped && buf[i] == ']'
		i++
	}
	if j.ended {
		return j.nextPage(buf, i, final)
	}
	if i == len(buf) {
		return records.Span{Start: i, End: i, Next: i, Lines: records.Lines(buf)}, final || i > 0
	}
	end, err := j.value(buf, i)
	if err == nil && (end < len(buf) || final) {
		return records.Span{Start: i, End: end, Next: end, Lines: records.Lines(buf[:end])}, true
	}
	if err == errCut && !final || err == nil {
		return records.Span{}, false
	}
	return damaged(buf, i, end, final)
}

// nextPage goes on with the next answer of an API behind the end of an array, where answers were put together.
func (j *Objects) nextPage(buf []byte, i int, final bool) (records.Span, bool) {
	end, closed := afterObjects(buf, i, j.depth)
	if !closed && !final && len(buf)-i < farthest && !j.over {
		return records.Span{}, false
	}
	at := end
	for at < len(buf) && (buf[at] <= ' ' || buf[at] == ',') {
		at++
	}
	switch {
	case j.over || !closed || at == len(buf) && final:
	case at == len(buf) || buf[at] == '{' && Wrapped(buf[at:]) == 0 && !final && len(buf)-at < farthest:
		return records.Span{}, false
	case buf[at] == '{' && Wrapped(buf[at:]) > 0:
		next := at + Wrapped(buf[at:])
		j.ended, j.depth = false, depthOf(buf[at:next])
		return records.Span{Start: next, End: next, Next: next, Lines: records.Lines(buf[:next])}, true
	}
	j.over = true
	return records.Span{Next: len(buf), Lines: records.Lines(buf)}, true
}

// farthest is how far behind an array its end, or another one, is looked for.
const farthest = 1 << 16

// depthOf is how many objects and arrays a text leaves open.
func depthOf(text []byte) (depth int) {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			if end, _, err := jsonString(text, i); err == nil {
				i = end - 1
			}
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
	}
	return depth
}

// afterObjects is where so many objects are closed that a text stands in.
func afterObjects(text []byte, i, depth int) (at int, closed bool) {
	for ; i < len(text) && depth > 0; i++ {
		switch text[i] {
		case '"':
			end, _, err := jsonString(text, i)
			if err != nil {
				return len(text), false
			}
			i = end - 1
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
	}
	return i, depth == 0
}

// value is one record.
func (j *Objects) value(buf []byte, i int) (int, error) {
	end, err := jsonValue(buf, i, 1)
	if !j.Keyed || err != nil {
		return end, err
	}
	if end = SkipSpace(buf, end); end == len(buf) {
		return end, errCut
	}
	if buf[end] != ':' {
		return end, errSyntax
	}
	return jsonValue(buf, SkipSpace(buf, end+1), 1)
}

// CutKey divides a keyed record into its key, as a JSON string, and its object.
func CutKey(text []byte) (key, object []byte, ok bool) {
	end, _, err := jsonString(text, 0)
	if err != nil {
		return nil, text, false
	}
	at := SkipSpace(text, end)
	if at >= len(text) || text[at] != ':' {
		return nil, text, false
	}
	return text[:end], text[SkipSpace(text, at+1):], true
}

// damaged passes over an object that is no JSON: up to the end of the line with the error, or up to
// the line itself when that one begins a new object.
func damaged(buf []byte, start, at int, final bool) (records.Span, bool) {
	at = min(at, len(buf))
	line := bytes.LastIndexByte(buf[:at], '\n') + 1
	s := records.Span{Start: start, Fault: records.StrayText}
	if line > start && SkipSpace(buf, line) < len(buf) && buf[SkipSpace(buf, line)] == '{' {
		s.Next = line
	} else if k := bytes.IndexByte(buf[at:], '\n'); k >= 0 {
		s.Next = at + k + 1
	} else if final {
		s.Next = len(buf)
	} else {
		return records.Span{}, false
	}
	s.End = start + len(bytes.TrimRight(buf[start:s.Next], ", \t\r\n"))
	s.Lines = records.Lines(buf[:s.Next])
	return s, true
}
