package story

import (
	"fmt"
	"slices"
	"sort"
	"strings"
)

// Diff prints missing and surplus rows; the order of rows does not count. A missing row is
// followed by the surplus row most like it.
func Diff(table string, columns []string, want, got [][]*string) string {
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
		case strings.ContainsAny(*c, ",\"\r\n"):
			cells[i] = `"` + strings.ReplaceAll(*c, `"`, `""`) + `"`
		default:
			cells[i] = *c
		}
	}
	return strings.Join(cells, ",")
}
