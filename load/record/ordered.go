package record

import (
	"container/heap"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"

	"ferry/internal/run"
)

// errDisorder says that a table is not sorted by the columns the reader needs.
var errDisorder = errors.New("the table is not in key order")

// Stream gives rows of one table in the order of some text columns, compared as bytes.
type Stream struct {
	Table *run.TableReader
	By    []int
	last  []string
}

// openStream opens a table that should be sorted already; Next says errDisorder when it is not.
func openStream(path string, by ...string) (*Stream, error) {
	t, err := run.OpenTable(path)
	if err != nil {
		return nil, err
	}
	s := &Stream{Table: t}
	for _, name := range by {
		i := t.Column(name)
		if i < 0 || t.Columns()[i].Type != run.Varchar {
			t.Close()
			return nil, run.Problemf(path, "this table has no text column %q", name).WithTry("ferry transform")
		}
		s.By = append(s.By, i)
	}
	return s, nil
}

// Next gives the next row, or io.EOF.
func (s *Stream) Next() (run.Row, error) {
	row, err := s.Table.Next()
	if err != nil {
		return nil, err
	}
	order := orderOf(row, s.By)
	if s.last != nil && less(order, s.last) {
		return nil, errDisorder
	}
	s.last = order
	return row, nil
}

func (s *Stream) Close() error { return s.Table.Close() }

func orderOf(row run.Row, by []int) []string {
	order := make([]string, len(by))
	for i, c := range by {
		order[i], _ = row[c].(string)
	}
	return order
}

func less(a, b []string) bool {
	for i := range a {
		if a[i] != b[i] {
			return a[i] < b[i]
		}
	}
	return false
}

// sortedRows is how many rows are held in memory while a table is sorted.
const sortedRows = 20_000

// sortTable writes a sorted copy of a table: pieces sorted in memory, then merged.
func sortTable(from, to string, by ...string) error {
	in, err := openStream(from, by...)
	if err != nil {
		return err
	}
	defer in.Close()
	schema := run.Schema{Name: "sorted", Columns: in.Table.Columns()}
	var pieces []string
	defer func() {
		for _, p := range pieces {
			_ = os.Remove(p)
		}
	}()
	for more := true; more; {
		var rows []run.Row
		for len(rows) < sortedRows {
			row, err := in.Table.Next()
			if errors.Is(err, io.EOF) {
				more = false
				break
			}
			if err != nil {
				return err
			}
			rows = append(rows, row)
		}
		sort.SliceStable(rows, func(i, j int) bool { return less(orderOf(rows[i], in.By), orderOf(rows[j], in.By)) })
		piece := filepath.Join(filepath.Dir(to), fmt.Sprintf("%s.%d", filepath.Base(to), len(pieces)))
		pieces = append(pieces, piece)
		if err := WriteRows(piece, schema, rows); err != nil {
			return err
		}
	}
	return mergePieces(pieces, to, schema, by)
}

func mergePieces(pieces []string, to string, schema run.Schema, by []string) error {
	h := &mergeHeap{}
	defer func() {
		for _, m := range *h {
			_ = m.s.Close()
		}
	}()
	for i, p := range pieces {
		s, err := openStream(p, by...)
		if err != nil {
			return err
		}
		m := &merging{s: s, place: i}
		*h = append(*h, m)
		if err := m.advance(); err != nil && !errors.Is(err, io.EOF) {
			return err
		}
	}
	heap.Init(h)
	w, err := run.CreateTable(to, schema)
	if err != nil {
		return err
	}
	for h.Len() > 0 && (*h)[0].row != nil {
		if err := w.Write((*h)[0].row); err != nil {
			w.Abort()
			return err
		}
		if err := (*h)[0].advance(); err != nil && !errors.Is(err, io.EOF) {
			w.Abort()
			return err
		}
		heap.Fix(h, 0)
	}
	return w.Close()
}

// merging is one piece of a table being merged; row is nil at its end.
type merging struct {
	s     *Stream
	row   run.Row
	place int
}

func (m *merging) advance() (err error) {
	m.row, err = m.s.Next()
	return err
}

type mergeHeap []*merging

func (h mergeHeap) Len() int      { return len(h) }
func (h mergeHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *mergeHeap) Push(x any)   { *h = append(*h, x.(*merging)) }
func (h *mergeHeap) Pop() any {
	old := *h
	x := old[len(old)-1]
	*h = old[:len(old)-1]
	return x
}

// Less puts finished pieces last, and equal rows in their old order.
func (h mergeHeap) Less(i, j int) bool {
	a, b := h[i], h[j]
	switch {
	case a.row == nil || b.row == nil:
		return a.row != nil
	case less(a.s.last, b.s.last):
		return true
	case less(b.s.last, a.s.last):
		return false
	}
	return a.place < b.place
}

// InOrder runs a pass over a table in an order; a table that is not in it is sorted first and the
// pass made again, so pass must start from nothing each time.
func InOrder(path, temp string, by []string, pass func(*Stream) error) error {
	for _, sorted := range []bool{false, true} {
		if sorted {
			if err := sortTable(path, temp, by...); err != nil {
				return err
			}
			path = temp
		}
		s, err := openStream(path, by...)
		if err != nil {
			return err
		}
		err = pass(s)
		_ = s.Close()
		if !errors.Is(err, errDisorder) {
			return err
		}
	}
	return errDisorder
}
