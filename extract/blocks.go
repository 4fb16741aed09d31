package extract

import (
	"bytes"
	"errors"
	"io"
)

// fault says why a record cannot be trusted as it was cut.
type fault uint8

const (
	sound fault = iota
	openQuote
	tooLong
	cutOff
	strayText
)

// mark is one record inside a block.
type mark struct {
	start, end int   // in the block's data; the line end is not part of it
	line       int64 // line of its first byte, counted from 1 in the source
	fault      fault
}

// block is a run of whole records, small enough to be worked on by one goroutine.
type block struct {
	data   []byte
	marks  []mark
	record int64 // number of the first record, counted from 1 in the source
	err    error // why the source ends here, if not at its end
}

// span is what a splitter found at the beginning of a buffer.
type span struct {
	start, end int   // the record; start == end and no fault means there is none (a blank line)
	next       int   // where to go on
	lines      int64 // line ends passed
	fault      fault
}

// splitter finds the next record of a format. It answers false when it cannot tell without more data;
// when final is true there is none.
type splitter interface {
	span(buf []byte, final bool) (span, bool)
}

// blockReader cuts a stream into blocks of whole records.
type blockReader struct {
	in       io.Reader
	split    splitter
	size     int // how much of the stream goes into a block
	longest  int // a record beyond this is given up, up to the next line end
	rest     []byte
	used     chan *block
	final    bool
	record   int64
	line     int64
	failure  error
	skipping bool // inside a record that was given up
}

func newBlockReader(in io.Reader, split splitter, line int64, size, longest int) *blockReader {
	return &blockReader{in: in, split: split, size: size, longest: longest, record: 1, line: line, used: make(chan *block, 4)}
}

// next gives the next block, or io.EOF. A block whose err is set is the last one.
func (r *blockReader) next() (*block, error) {
	b := r.fresh()
	b.record = r.record
	b.data = append(b.data, r.rest...)
	r.rest = r.rest[:0]
	at := 0
	for {
		r.fill(b)
		at = r.cut(b, at)
		if r.final || len(b.marks) > 0 {
			break
		}
		b.data, at = append(b.data[:0], b.data[at:]...), 0
	}
	r.rest = append(r.rest[:0], b.data[at:]...)
	if r.final {
		b.err, r.failure = r.failure, nil
		if len(b.marks) == 0 && b.err == nil {
			return nil, io.EOF
		}
	}
	r.record += int64(len(b.marks))
	return b, nil
}

// fresh gives an empty block, one that was given back if there is one.
func (r *blockReader) fresh() *block {
	select {
	case b := <-r.used:
		b.data, b.marks, b.err = b.data[:0], b.marks[:0], nil
		return b
	default:
		return &block{data: make([]byte, 0, r.size)}
	}
}

// giveBack lets a block that is done with be filled again.
func (r *blockReader) giveBack(b *block) {
	if cap(b.data) > 4*r.size {
		return
	}
	select {
	case r.used <- b:
	default:
	}
}

// fill reads until the block is full or the stream ends.
func (r *blockReader) fill(b *block) {
	if r.final {
		return
	}
	want := max(r.size, 2*len(b.data))
	if len(b.data) < r.size {
		want = r.size
	}
	for len(b.data) < want {
		if cap(b.data) < want {
			grown := make([]byte, len(b.data), want)
			copy(grown, b.data)
			b.data = grown
		}
		n, err := r.in.Read(b.data[len(b.data):want])
		b.data = b.data[:len(b.data)+n]
		if err != nil {
			r.final = true
			if !errors.Is(err, io.EOF) {
				r.failure = err
			}
			return
		}
	}
}

// cut marks the records from a position on and answers where it stopped.
func (r *blockReader) cut(b *block, at int) int {
	for at < len(b.data) {
		if r.skipping {
			if at = r.skip(b, at); r.skipping {
				return at
			}
			continue
		}
		s, ok := r.split.span(b.data[at:], r.final)
		if !ok && len(b.data)-at < r.longest {
			return at
		}
		if !ok || s.end-s.start > r.longest {
			r.skipping = true
			b.marks = append(b.marks, mark{at, at + min(r.longest, len(b.data)-at), r.line, tooLong})
			continue
		}
		if s.end > s.start || s.fault != sound {
			b.marks = append(b.marks, mark{at + s.start, at + s.end, r.line + lines(b.data[at:at+s.start]), s.fault})
		}
		r.line += s.lines
		at += s.next
	}
	return at
}

// skip passes over the rest of a line that was given up.
func (r *blockReader) skip(b *block, at int) int {
	k := bytes.IndexByte(b.data[at:], '\n')
	if k < 0 {
		return len(b.data)
	}
	r.skipping = false
	r.line++
	return at + k + 1
}
