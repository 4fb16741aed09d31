package delimited

import "bytes"

// maxPrices bounds the search for a way to cut a record.
const maxPrices = 300_000

// requote cuts the record at those of the cuts, the places of its delimiters, that make the best sense: the expected
// number of cells, each either wholly in quotes or without any, looking like its column. A quote left over is text.
// Torn says that a cell may have a quote at one end only; inside is the price of a delimiter within a cell that is
// not quoted.
func (r Repairer) requote(record []byte, cuts []int, torn bool, inside float64) reading {
	none := reading{cost: never}
	n := len(cuts) - 1         // pieces between cuts
	longest := n - r.Width + 1 // no cell has more pieces, as every other has one at least
	if n < r.Width || longest*n > maxPrices/r.Width {
		return none
	}
	cost, from := newBoard(r.Width, n), make([][]int, r.Width+1)
	cost[0][0] = 0
	for w := 1; w <= r.Width; w++ {
		from[w] = make([]int, n+1)
		for end := w; end <= n-(r.Width-w); end++ {
			for start := max(w-1, end-longest); start < end; start++ {
				if cost[w-1][start] >= never {
					continue
				}
				c := cost[w-1][start] + r.price(record[cuts[start]+1:cuts[end]], w-1, inside*float64(end-start-1), torn)
				if c < cost[w][end] {
					cost[w][end], from[w][end] = c, start
				}
			}
		}
	}
	if cost[r.Width][n] >= never {
		return none
	}
	cells := make([]Cell, r.Width)
	for w, end := r.Width, n; w > 0; w-- {
		start := from[w][end]
		cells[w-1] = r.read(record[cuts[start]+1 : cuts[end]])
		end = start
	}
	return reading{cells: cells, cost: cost[r.Width][n]}
}

// newBoard is a table of costs, all of them too high.
func newBoard(width, n int) [][]float64 {
	cost := make([][]float64, width+1)
	for w := range cost {
		cost[w] = make([]float64, n+1)
		for i := range cost[w] {
			cost[w][i] = never
		}
	}
	return cost
}

// cutsAt lists the places before, at and after the delimiters of a record.
func cutsAt(record []byte, delim byte) []int {
	all := []int{-1}
	for i, c := range record {
		if c == delim {
			all = append(all, i)
		}
	}
	return append(all, len(record))
}

// cutsBetween lists the places before, between and after the pieces of a record.
func cutsBetween(pieces [][]byte) []int {
	all := []int{-1}
	for _, p := range pieces {
		all = append(all, all[len(all)-1]+1+len(p))
	}
	return all
}

// price says how little sense a piece makes as the cell of a column.
func (r Repairer) price(piece []byte, column int, inside float64, torn bool) float64 {
	q := r.D.Quote
	if inner, ok := r.inQuotes(piece); ok {
		return r.undoubled(inner) + r.Looks.cost(column, bytes.Trim(inner, string(q)), true)
	}
	if inside >= never {
		return never // a delimiter inside a cell that is not quoted
	}
	p := r.quotes(piece)
	if p >= priceEdge && !torn && (piece[0] == q || piece[len(piece)-1] == q) {
		return never
	}
	return p + inside + r.Looks.cost(column, bytes.Trim(piece, string(q)), false)
}

// quotes is the price of the quotes in a piece that is not quoted.
func (r Repairer) quotes(piece []byte) float64 {
	q := r.D.Quote
	n := bytes.Count(piece, []byte{q})
	switch {
	case n == 0:
		return 0
	case piece[0] == q || piece[len(piece)-1] == q:
		return priceQuote*float64(n) + priceEdge
	}
	return priceQuote * float64(n)
}

// undoubled is the price of the quotes within a quoted cell that are not written twice. One beside a
// delimiter is more likely the border of a cell than text.
func (r Repairer) undoubled(text []byte) float64 {
	q := r.D.Quote
	p := 0.0
	for i := 0; i < len(text); i++ {
		if text[i] != q {
			continue
		}
		if i+1 < len(text) && text[i+1] == q {
			i++
			continue
		}
		p += priceDoubled
		if i > 0 && text[i-1] == r.D.Delim || i+1 < len(text) && text[i+1] == r.D.Delim {
			p += priceEdge
		}
	}
	return p
}

func (r Repairer) read(piece []byte) Cell {
	if inner, ok := r.inQuotes(piece); ok {
		return Cell{r.D.formula(r.D.unquote(nil, inner)), true}
	}
	return Cell{Text: piece}
}

// inQuotes is what stands between the quotes around a piece; blanks beside these do not count.
func (r Repairer) inQuotes(piece []byte) ([]byte, bool) {
	for len(piece) > 0 && r.D.blank(piece[0]) {
		piece = piece[1:]
	}
	if r.D.formulas && len(piece) > 2 && piece[0] == '=' {
		piece = piece[1:]
	}
	for len(piece) > 0 && r.D.blank(piece[len(piece)-1]) {
		piece = piece[:len(piece)-1]
	}
	if n := len(piece); n >= 2 && piece[0] == r.D.Quote && piece[n-1] == r.D.Quote {
		return piece[1 : n-1], true
	}
	return nil, false
}
