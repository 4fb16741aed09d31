package reports

import (
	"errors"
	"io"
	"io/fs"
	"slices"

	"ferry/internal/run"
)

// source is a table of reports.*, streamed; its first rows are read ahead so that columns can be
// made as wide as what is in them.
type source struct {
	reader  *run.TableReader
	columns []run.Column
	ahead   []run.Row
	total   int64
}

const readAhead = 300

// open opens a table; nil when the run has none of that name.
func (r *reporter) open(model string) (*source, error) {
	reader, err := run.OpenTable(r.dir.Model("reports", model))
	if errors.Is(err, fs.ErrNotExist) {
		r.options.Events.Send(run.Event{Stage: Stage, Kind: run.Warning, Subject: "reports." + model,
			Text: "there is no such table; its sheet is left out"})
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	s := &source{reader: reader, columns: reader.Columns(), total: reader.NumRows()}
	for len(s.ahead) < readAhead {
		row, err := reader.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, errors.Join(err, reader.Close())
		}
		s.ahead = append(s.ahead, row)
	}
	return s, nil
}

func (s *source) close() error { return s.reader.Close() }

// next gives the next row, or io.EOF.
func (s *source) next() (run.Row, error) {
	if len(s.ahead) > 0 {
		row := s.ahead[0]
		s.ahead = s.ahead[1:]
		return row, nil
	}
	return s.reader.Next()
}

// at is the position of a column, or -1.
func (s *source) at(name string) int {
	return slices.IndexFunc(s.columns, func(c run.Column) bool { return c.Name == name })
}

// all reads a small table whole, as maps from column to text or value.
func (r *reporter) all(model string) ([]map[string]any, error) {
	s, err := r.open(model)
	if s == nil || err != nil {
		return nil, err
	}
	defer s.close()
	var rows []map[string]any
	for {
		row, err := s.next()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, err
		}
		m := map[string]any{}
		for i, c := range s.columns {
			m[c.Name] = row[i]
		}
		rows = append(rows, m)
	}
}

// text of a value in such a row; "" when it is null or absent.
func text(row map[string]any, column string) string {
	s, _ := row[column].(string)
	return s
}
