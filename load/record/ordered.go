package record

import (
	"errors"
	"strings"

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

// InOrder runs a pass over a table, which the SQL stage has stored in an order.
func InOrder(path string, by []string, pass func(*Stream) error) error {
	s, err := openStream(path, by...)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := pass(s); !errors.Is(err, errDisorder) {
		return err
	}
	return run.Problemf(path, "the rows of this table are not in the order of %s, as ferry stores them",
		strings.Join(by, ", ")).WithTry("ferry transform   (a table that an older ferry stored is built anew)")
}
