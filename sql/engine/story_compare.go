package engine

import (
	"context"
	"ferry/internal/run"
	"slices"
	"strings"
)

// compare gives the difference between the expected and the actual rows of every expected table.
func (e *engine) compare(ctx context.Context, s Story) (string, error) {
	var out strings.Builder
	for _, table := range keysOf(s.Expect) {
		want := s.Expect[table]
		got, err := e.actual(ctx, s, table, want.Columns)
		if err != nil {
			return "", err
		}
		out.WriteString(diffRows(table, want.Columns, want.Rows, got))
	}
	return out.String(), nil
}

// actual reads some columns of a table as text.
func (e *engine) actual(ctx context.Context, s Story, table string, columns []string) ([][]*string, error) {
	known := e.known[table]
	if known == nil {
		return nil, s.problem("expect", table, "there is no table %s.%s", table, run.DidYouMean(table, keysOf(e.known)))
	}
	var casts []string
	for _, c := range columns {
		if slices.Index(names(known), c) < 0 {
			return nil, s.problem("expect", table, "%s has no column %q.%s", table, c, run.DidYouMean(c, names(known)))
		}
		casts = append(casts, name(c)+"::varchar")
	}
	var got [][]*string
	err := e.rows(ctx, "select "+strings.Join(casts, ", ")+" from "+table, func(v []any) error {
		row := make([]*string, len(v))
		for i, x := range v {
			if t, ok := x.(string); ok {
				row[i] = &t
			}
		}
		got = append(got, row)
		return nil
	})
	return got, err
}
