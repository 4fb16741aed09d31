package reports

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"ferry/internal/run"
	"ferry/reports/books"
)

// groups are the kinds of rows that each have sheets of their own, where a list is longer than a sheet.
type groups struct {
	at      []int // columns that tell them apart; none where the list is not split by kind
	name    int   // the column whose first value says what a sheet is about, or -1
	current string
}

func newGroups(s books.Sheet, src *source, isSplit bool) *groups {
	g := &groups{name: -1}
	if !isSplit {
		return g
	}
	for _, column := range s.SplitBy {
		if i := src.at(column); i >= 0 {
			g.at = append(g.at, i)
		}
	}
	if s.SplitName != "" {
		g.name = src.at(s.SplitName)
	}
	return g
}

// of is the group of a row.
func (g *groups) of(row run.Row) string {
	var parts []string
	for _, i := range g.at {
		parts = append(parts, fmt.Sprint(row[i]))
	}
	return strings.Join(parts, "\x00")
}

// begin starts a sheet with the next row, and says what it is about.
func (g *groups) begin(s books.Sheet, columns []placed, src *source) string {
	if len(g.at) == 0 || len(src.ahead) == 0 {
		return s.About
	}
	first := src.ahead[0]
	g.current = g.of(first)
	var words []string
	for _, c := range columns {
		if c.at == g.at[0] {
			words = append(words, plainText(show(first[c.at], c.Words)))
		}
	}
	if g.name >= 0 {
		words = append(words, plainText(show(first[g.name], nil)))
	}
	return cmp.Or(strings.Join(words, ": "), s.About)
}

// isOther says whether a row belongs on another sheet.
func (g *groups) isOther(row run.Row) bool { return len(g.at) > 0 && g.of(row) != g.current }

// wholeList writes a list that took several sheets as one file beside its workbook, as the sheets show it.
func (r *reporter) wholeList(ctx context.Context, workbook string, s books.Sheet) error {
	src, err := r.open(s.Model)
	if src == nil || err != nil {
		return err
	}
	defer src.close()
	path := strings.TrimSuffix(workbook, filepath.Ext(workbook)) + "-" +
		strings.ReplaceAll(strings.ToLower(s.Title), " ", "-") + ".csv"
	var columns []placed
	for _, c := range layout(s, src) {
		if c.at >= 0 {
			columns = append(columns, c)
		}
	}
	titles := make([]string, len(columns))
	for i, c := range columns {
		titles[i] = harmless(c.Title)
	}
	err = src.writeCSV(ctx, path, titles, func(row run.Row, i int) string {
		v := columns[i].shown(row)
		if _, isText := v.(string); isText { // a number may begin with a minus
			return harmless(plainText(v))
		}
		return plainText(v)
	})
	if err != nil {
		return err
	}
	return r.note(path)
}
