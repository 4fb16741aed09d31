package layout

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// Text writes a whole text.
func (l Layout) Text(text []byte) []byte {
	if l.Plain() {
		return text
	}
	out, err := io.ReadAll(l.Reader(bytes.NewReader(text)))
	if err != nil {
		return text // memory does not fail to be read
	}
	return out
}

// Reader writes a text as it is read.
func (l Layout) Reader(in io.Reader) io.Reader {
	if l.Plain() {
		return in
	}
	return &reader{in: bufio.NewReaderSize(in, longest), write: l.start()}
}

// longest is how long a line may be to be written at once; what is longer is written in pieces.
const longest = 1 << 20

// reader writes line by line.
type reader struct {
	in     *bufio.Reader
	write  writer
	out    []byte
	at     int
	inside bool
	failed error
}

func (r *reader) Read(p []byte) (int, error) {
	for r.at == len(r.out) {
		if r.failed != nil {
			return 0, r.failed
		}
		r.out, r.at = r.out[:0], 0
		line, err := r.in.ReadSlice('\n')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			r.failed = err
		}
		end := len(line)
		for end > 0 && (line[end-1] == '\n' || line[end-1] == '\r') {
			end--
		}
		r.out, r.inside = r.write(r.out, line[:end], r.inside)
		r.out = append(r.out, line[end:]...)
	}
	n := copy(p, r.out[r.at:])
	r.at += n
	return n, nil
}
