package reports

import (
	"strings"

	"ferry/reports/books"
)

// forTheWayBack are the last columns of a list, which tie its answers to their rows and are not for reading.
func forTheWayBack(columns []placed) (from, to int) {
	from, to = len(columns), len(columns)
	for from > 0 && columns[from-1].Name != "engineer" &&
		(columns[from-1].Kind == books.Key || columns[from-1].Kind >= books.Before) {
		from--
	}
	return from, to
}

// natural is how wide columns of a kind may become.
var natural = map[books.Kind]float64{
	books.Plain: 40, books.Long: 52, books.FieldLabel: 26, books.Key: 24, books.Answer: 22,
	books.Before: 14, books.RowCode: 11,
}

// measure makes columns as wide as their header and the first rows want, within reason.
func measure(columns []placed, src *source) []float64 {
	widths := make([]float64, len(columns))
	for i, c := range columns {
		limit := c.Width
		if limit == 0 {
			limit = natural[c.Kind]
		}
		want := 0
		for _, word := range strings.Fields(c.Title) {
			want = max(want, len(word)+1)
		}
		want = max(want, min(len(c.Title), 8))
		if c.Kind == books.Answer {
			want = max(want, 14)
		}
		for _, row := range src.ahead {
			if c.at >= 0 {
				want = max(want, breadth(show(row[c.at], c.Words)))
			}
		}
		widths[i] = min(float64(want)+2.5, limit)
	}
	return widths
}
