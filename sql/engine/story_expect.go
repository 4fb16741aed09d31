package engine

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"

	"ferry/internal/run"
)

// Expect holds the tables of a finished run against what a story expects, and says what is
// otherwise, "" when nothing is. It serves stories that are told through the whole program.
func (s Story) Expected(ctx context.Context, dir run.Dir, o Options) (string, error) {
	p, err := readProject(o)
	if err != nil {
		return "", err
	}
	e, err := openEngine(ctx, dir, o)
	if err != nil {
		return "", err
	}
	defer e.close()
	if err := e.open(ctx, p, o); err != nil {
		return "", err
	}
	return e.compare(ctx, s)
}

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

// diffRows prints missing and surplus rows; the order of rows does not count. A missing row is
// followed by the surplus row most like it.
func diffRows(table string, columns []string, want, got [][]*string) string {
	got = asExpected(want, got)
	count := map[string]int{}
	for _, r := range want {
		count[printRow(r)]--
	}
	for _, r := range got {
		count[printRow(r)]++
	}
	var lines []string
	for row, n := range count {
		for ; n < 0; n++ {
			lines = append(lines, "- "+row)
		}
		for ; n > 0; n-- {
			lines = append(lines, "+ "+row)
		}
	}
	if len(lines) == 0 {
		return ""
	}
	sort.Slice(lines, func(i, j int) bool {
		a, b := lines[i], lines[j]
		if a[2:] != b[2:] {
			return a[2:] < b[2:]
		}
		return a > b
	})
	return fmt.Sprintf("%s   (- expected, + built)\n    %s\n  %s\n", table, strings.Join(columns, ","),
		strings.Join(lines, "\n  "))
}

// asExpected writes built rows as the story does where both say the same: 20 for 20.0, and of a text of several
// lines the one line that the story cares about.
func asExpected(want, got [][]*string) [][]*string {
	taken := make([]bool, len(want))
	out := make([][]*string, len(got))
	for i, row := range got {
		out[i] = row
		for j, w := range want {
			if !taken[j] && saysTheSame(w, row) {
				taken[j], out[i] = true, w
				break
			}
		}
	}
	return out
}

func saysTheSame(want, got []*string) bool {
	for i, w := range want {
		switch g := got[i]; {
		case w == nil || g == nil:
			if w != g {
				return false
			}
		case *w == *g || *w+".0" == *g:
		case *w == "" || strings.Contains(*w, "\n") || !slices.Contains(strings.Split(*g, "\n"), *w):
			return false
		}
	}
	return true
}

// printRow writes a row as it would stand in a story's file.
func printRow(r []*string) string {
	cells := make([]string, len(r))
	for i, c := range r {
		switch {
		case c == nil:
		case *c == "":
			cells[i] = emptyText
		case strings.ContainsAny(*c, ",\"\n"):
			cells[i] = `"` + strings.ReplaceAll(*c, `"`, `""`) + `"`
		default:
			cells[i] = *c
		}
	}
	return strings.Join(cells, ",")
}
