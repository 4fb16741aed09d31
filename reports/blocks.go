package reports

import (
	"github.com/xuri/excelize/v2"

	"ferry/internal/run"
	"ferry/reports/books"
)

// A page turned upright, in characters and in points, at the smallest size that is read with ease. Of its height a
// little is left to spreadsheets that draw rows higher.
const (
	uprightWide = 94.0/smallestSize - 2
	uprightHigh = 915.0
	titleHigh   = 64.0 // title, sentence and way back, on the first page
)

// blocks are the stretches of a list that stay together on paper: the lines of a person.
type blocks struct {
	at      int // the column whose value says where one ends
	last    any
	first   []int     // row of each
	heights []float64 // points
}

// isUpright says whether a list is printed upright.
func isUpright(s books.Sheet, widths []float64, n int) bool {
	all := 0.0
	for _, w := range widths[:min(n, len(widths))] {
		all += w
	}
	return s.Upright && all <= uprightWide
}

func newBlocks(s books.Sheet, src *source) *blocks {
	if !s.Upright {
		return &blocks{at: -1}
	}
	return &blocks{at: src.at(s.Band)}
}

// see takes in a row and how high it is.
func (b *blocks) see(row run.Row, n int, high float64) {
	if b.at < 0 {
		return
	}
	if len(b.first) == 0 || row[b.at] != b.last {
		b.first, b.heights = append(b.first, n), append(b.heights, 0)
	}
	b.last = row[b.at]
	b.heights[len(b.heights)-1] += high
}

// heightOf is how high a row of so many lines is; where blocks shall fit on a page, no higher than it must be.
func heightOf(s books.Sheet, lines int) excelize.RowOpts {
	if s.Upright {
		return excelize.RowOpts{Height: float64(13*min(max(lines, 1), 12) + 1)}
	}
	return rowHeight(lines)
}

// part begins a page where a block would not end on the one before.
func (b *blocks) part(w *workbook, out *excelize.StreamWriter) {
	used := titleHigh
	for i, first := range b.first {
		if used > 0 && used+b.heights[i] > uprightHigh && i > 0 {
			w.keep(out.InsertPageBreak(cell(1, first)))
			used = 0
		}
		used += b.heights[i]
	}
}
