// Package recordstest is for the tests of formats: it checks that their records do not depend on where
// blocks happen to end.
package recordstest

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"testing/iotest"

	"ferry/extract/records"
)

// Marked is a record as a test compares it.
type Marked struct {
	Text  string
	line  int64
	fault records.Fault
}

// readAll cuts a text with blocks of a size.
func readAll(t *testing.T, text []byte, split records.Splitter, in io.Reader, size int) []Marked {
	t.Helper()
	r := records.NewReader(in, split, 1, size, 1<<20)
	var out []Marked
	var last int64
	for {
		b, err := r.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil || b.Err != nil {
			t.Fatal(err, b.Err)
		}
		if b.Record != int64(len(out))+1 {
			t.Fatalf("a block begins at record %d, want %d", b.Record, len(out)+1)
		}
		for _, m := range b.Marks {
			if m.Line < last || m.Start > m.End || m.End > len(b.Data) {
				t.Fatalf("mark %+v after line %d in a block of %d", m, last, len(b.Data))
			}
			last = m.Line
			out = append(out, Marked{string(b.Data[m.Start:m.End]), m.Line, m.Fault})
		}
		r.GiveBack(b)
	}
}

// SameInAnyBlocks checks that records do not depend on where blocks happen to end.
func SameInAnyBlocks(t *testing.T, text []byte, split func() records.Splitter) []Marked {
	t.Helper()
	whole := readAll(t, text, split(), bytes.NewReader(text), 1<<20)
	for _, size := range []int{1, 7, 64} {
		cut := readAll(t, text, split(), iotest.OneByteReader(bytes.NewReader(text)), size)
		if len(cut) != len(whole) {
			t.Fatalf("blocks of %d give %d records, one block %d", size, len(cut), len(whole))
		}
		for i := range cut {
			if cut[i] != whole[i] {
				t.Fatalf("blocks of %d: record %d is %+v, in one block %+v", size, i+1, cut[i], whole[i])
			}
		}
	}
	return whole
}
