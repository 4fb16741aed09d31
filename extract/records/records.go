// Package records cuts a stream of text into records, in blocks that can be worked on side by side. A
// format plugs in as a Splitter: what ends a record is its knowledge, here is only how to read on, number
// lines and give up on what is too long. It knows no format, no entity and no Parquet. Start at Reader.
package records

import (
	"bytes"
	"errors"
	"io"
)

// Fault says why a record cannot be trusted as it was cut.
type Fault uint8

// Faults; Sound is none.
const (
	Sound Fault = iota
	OpenQuote
	TooLong
	CutOff
	StrayText
)

// Mark is one record inside a block.
type Mark struct {
	Start, End int   // in the block's data; the line end is not part of it
	Line       int64 // line of its first byte, counted from 1 in the source
	Fault      Fault
}

// Block is a run of whole records, small enough to be worked on by one goroutine.
type Block struct {
	Data   []byte
	Marks  []Mark
	Record int64 // number of the first record, counted from 1 in the source
	Err    error // why the source ends here, if not at its end
}

// Span is what a splitter found at the beginning of a buffer.
type Span struct {
	Start, End int   // the record; start == end and no fault means there is none (a blank line)
	Next       int   // where to go on
	Lines      int64 // line ends passed
	Fault      Fault
}

// Splitter finds the next record of a format. It answers false when it cannot tell without more data;
// when final is true there is none.
type Splitter interface {
	Span(buf []byte, final bool) (Span, bool)
}

// Reader cuts a stream into blocks of whole records.
type Reader struct {
	in       io.Reader
	split    Splitter
	size     int // how much of the stream goes into a block
	longest  int // a record beyond this is given up, up to the next line end
	rest     []byte
	used     chan *Block
	final    bool
	record   int64
	line     int64
	failure  error
	skipping bool // inside a record that was given up
}

func NewReader(in io.Reader, split Splitter, line int64, size, longest int) *Reader {
	return &Reader{in: in, split: split, size: size, longest: longest, record: 1, line: line, used: make(chan *Block, 4)}
}

// Next gives the next block, or io.EOF. A block whose err is set is the last one.
func (r *Reader) Next() (*Block, error) {
	b := r.fresh()
	b.Record = r.record
	b.Data = append(b.Data, r.rest...)
	r.rest = r.rest[:0]
	at := 0
	for {
		r.fill(b)
		at = r.cut(b, at)
		if r.final || len(b.Marks) > 0 {
			break
		}
		b.Data, at = append(b.Data[:0], b.Data[at:]...), 0
	}
	r.rest = append(r.rest[:0], b.Data[at:]...)
	if r.final {
		b.Err, r.failure = r.failure, nil
		if len(b.Marks) == 0 && b.Err == nil {
			return nil, io.EOF
		}
	}
	r.record += int64(len(b.Marks))
	return b, nil
}

// fresh gives an empty block, one that was given back if there is one.
func (r *Reader) fresh() *Block {
	select {
	case b := <-r.used:
		b.Data, b.Marks, b.Err = b.Data[:0], b.Marks[:0], nil
		return b
	default:
		return &Block{Data: make([]byte, 0, r.size)}
	}
}

// GiveBack lets a block that is done with be filled again.
func (r *Reader) GiveBack(b *Block) {
	if cap(b.Data) > 4*r.size {
		return
	}
	select {
	case r.used <- b:
	default:
	}
}

// fill reads until the block is full or the stream ends.
func (r *Reader) fill(b *Block) {
	if r.final {
		return
	}
	want := max(r.size, 2*len(b.Data))
	if len(b.Data) < r.size {
		want = r.size
	}
	for len(b.Data) < want {
		if cap(b.Data) < want {
			grown := make([]byte, len(b.Data), want)
			copy(grown, b.Data)
			b.Data = grown
		}
		n, err := r.in.Read(b.Data[len(b.Data):want])
		b.Data = b.Data[:len(b.Data)+n]
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
func (r *Reader) cut(b *Block, at int) int {
	for at < len(b.Data) {
		if r.skipping {
			if at = r.skip(b, at); r.skipping {
				return at
			}
			continue
		}
		s, ok := r.split.Span(b.Data[at:], r.final)
		if !ok && len(b.Data)-at < r.longest {
			return at
		}
		if !ok || s.End-s.Start > r.longest {
			r.skipping = true
			b.Marks = append(b.Marks, Mark{at, at + min(r.longest, len(b.Data)-at), r.line, TooLong})
			continue
		}
		if s.End > s.Start || s.Fault != Sound {
			b.Marks = append(b.Marks, Mark{at + s.Start, at + s.End, r.line + Lines(b.Data[at:at+s.Start]), s.Fault})
		}
		r.line += s.Lines
		at += s.Next
	}
	return at
}

// skip passes over the rest of a line that was given up.
func (r *Reader) skip(b *Block, at int) int {
	k := bytes.IndexByte(b.Data[at:], '\n')
	if k < 0 {
		return len(b.Data)
	}
	r.skipping = false
	r.line++
	return at + k + 1
}

// Lines counts the line ends of a text.
func Lines(text []byte) int64 { return int64(bytes.Count(text, []byte{'\n'})) }
