package extract

import (
	"bytes"
)

// repairer mends records whose quotes or delimiters are damaged, if there is one way to do it that
// gives the number of columns the table has and cells that look like those around them.
type repairer struct {
	d     dialect
	width int
	looks columnLooks
	// bold mends where the guess is good but could put a value into another column. That is right for
	// showing what a text may hold, and wrong for landing it.
	bold bool

	torn bool // quotes are damaged, so that a cell may have one at one end only
}

// mend gives the cells of a damaged record. It answers false when there is no convincing way.
func (r repairer) mend(record []byte, q quoting) ([]cell, bool) {
	if r.width < 2 || len(record) > 1<<16 {
		return nil, false
	}
	r.torn = q != tidy
	if r.torn || r.bold && r.d.quote != 0 && bytes.IndexByte(record, r.d.quote) >= 0 {
		if cells, ok := r.requote(record); ok {
			return cells, true
		}
	}
	return r.otherDelimiter(record)
}

// otherDelimiter reads the record as if it were written with another delimiter.
func (r repairer) otherDelimiter(record []byte) ([]cell, bool) {
	for _, delim := range []byte{',', ';', '\t', '|', ' '} {
		if delim == r.d.delim || bytes.IndexByte(record, delim) < 0 {
			continue
		}
		d := r.d
		d.delim = delim
		cells, _, q := d.cells(record, nil, nil)
		if q != open && len(cells) == r.width && r.fits(cells, r.tolerance()) {
			return cells, true
		}
	}
	return nil, false
}

// tolerance is how many of the cells may look unlike their columns.
func (r repairer) tolerance() float64 {
	if r.bold {
		return 0.34
	}
	return 0.15
}

// fits says whether the cells look like their columns; share is how many may not.
func (r repairer) fits(cells []cell, share float64) bool {
	var bad float64
	for i, c := range cells {
		bad += r.looks.misfit(i, c.text)
	}
	return bad <= share*float64(len(cells))
}

// never is the price of what is not allowed.
const never = 1e9

// maxPrices bounds the search for a way to cut a record.
const maxPrices = 300_000

// requote cuts the record at those delimiters that make the best sense: the expected number of cells,
// each either wholly in quotes or without any, looking like its column. A quote left over is text.
func (r repairer) requote(record []byte) ([]cell, bool) {
	cuts := r.cuts(record)
	n := len(cuts) - 1         // pieces between cuts
	longest := n - r.width + 1 // no cell has more pieces, as every other has one at least
	if n < r.width || longest*n > maxPrices/r.width {
		return nil, false
	}
	cost := make([][]float64, r.width+1)
	from := make([][]int, r.width+1)
	for w := range cost {
		cost[w], from[w] = make([]float64, n+1), make([]int, n+1)
		for i := range cost[w] {
			cost[w][i] = never
		}
	}
	cost[0][0] = 0
	for w := 1; w <= r.width; w++ {
		for end := w; end <= n-(r.width-w); end++ {
			for start := max(w-1, end-longest); start < end; start++ {
				if cost[w-1][start] >= never {
					continue
				}
				c := cost[w-1][start] + r.price(record[cuts[start].next:cuts[end].at], w-1, end-start-1)
				if c < cost[w][end] {
					cost[w][end], from[w][end] = c, start
				}
			}
		}
	}
	if cost[r.width][n] > 1.5+r.tolerance()*float64(r.width) {
		return nil, false
	}
	cells := make([]cell, r.width)
	for w, end := r.width, n; w > 0; w-- {
		start := from[w][end]
		cells[w-1] = r.read(record[cuts[start].next:cuts[end].at])
		end = start
	}
	return cells, true
}

// cut is a place where a record may be divided: at a delimiter, or between two quoted cells that
// lost the delimiter between them.
type cut struct{ at, next int }

func (r repairer) cuts(record []byte) []cut {
	all := []cut{{0, 0}}
	junctions := 0
	for i, c := range record {
		if c == r.d.delim {
			all = append(all, cut{i, i + 1})
		}
		if q := r.d.quote; r.bold && c == q && i > 0 && record[i-1] == q && i+1 < len(record) && i > 1 && junctions < 8 {
			before, after := record[i-2], record[i+1]
			if before != r.d.delim && after != r.d.delim && before != q && after != q {
				all = append(all, cut{i, i})
				junctions++
			}
		}
	}
	return append(all, cut{len(record), len(record)})
}

// price says how little sense a piece makes as the cell of a column.
func (r repairer) price(piece []byte, column, inside int) float64 {
	q := r.d.quote
	p := 0.0
	if n := len(piece); n >= 2 && piece[0] == q && piece[n-1] == q {
		inner := piece[1 : n-1]
		p += 0.3 * float64(undoubled(inner, q))
		return p + r.looks.misfit(column, inner)
	}
	if inside > 0 {
		return never // a delimiter inside a cell that is not quoted
	}
	quotes := bytes.Count(piece, []byte{q})
	if quotes > 0 && !r.torn && (piece[0] == q || piece[len(piece)-1] == q) {
		return never
	}
	if quotes > 0 {
		p += 0.4 * float64(quotes)
		if piece[0] == q || piece[len(piece)-1] == q {
			p += 0.6
		}
	}
	return p + r.looks.misfit(column, piece)
}

// undoubled counts the quotes that are not written twice.
func undoubled(text []byte, q byte) int {
	n := 0
	for i := 0; i < len(text); i++ {
		if text[i] != q {
			continue
		}
		if i+1 < len(text) && text[i+1] == q {
			i++
			continue
		}
		n++
	}
	return n
}

func (r repairer) read(piece []byte) cell {
	q := r.d.quote
	if n := len(piece); n >= 2 && piece[0] == q && piece[n-1] == q {
		return cell{r.d.unquote(nil, piece[1:n-1]), true}
	}
	return cell{text: piece}
}
