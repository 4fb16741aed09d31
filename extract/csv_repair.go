package extract

import "bytes"

// repairer mends records whose quotes or delimiters are damaged, if one way to read them makes clearly
// more sense than any other: the number of columns the table has, and cells that look like those around
// them.
type repairer struct {
	d     dialect
	width int
	looks columnLooks
	// bold takes the best reading even if another is nearly as good. That is right for showing what a
	// text may hold, and wrong for landing it.
	bold bool
}

// reading is one way to cut a record.
type reading struct {
	cells []cell
	cost  float64 // what had to be assumed, and how unlike their columns the cells look
}

// Prices of what a reading assumes.
const (
	priceDelimiter = 0.3 // a delimiter too many, missing, of another kind, or inside text
	priceQuote     = 0.4 // a quote that is part of the text
	priceEdge      = 0.6 // and stands at one end of it
	priceDoubled   = 0.3 // a quote in a quoted cell that is not doubled
	never          = 1e9 // what is not allowed
	clearly        = 0.2 // by how much a reading must be better than the next to be landed
)

// longestMend is how long a record may be to be mended.
const longestMend = 1 << 16

// mend gives the cells of a damaged record. It answers false when there is no convincing way. Ended
// tells that the record is complete: one that may be cut off is never filled up.
func (r repairer) mend(record []byte, q quoting, ended bool) ([]cell, bool) {
	if r.width < 2 || len(record) > longestMend {
		return nil, false
	}
	best, next := reading{cost: never}, reading{cost: never}
	consider := func(one reading) {
		switch {
		case len(one.cells) != r.width:
		case best.cells != nil && sameCells(one.cells, best.cells):
			best.cost = min(best.cost, one.cost)
		case one.cost < best.cost:
			best, next = one, best
		case one.cost < next.cost:
			next = one
		}
	}
	if r.d.quote != 0 && bytes.IndexByte(record, r.d.quote) >= 0 {
		consider(r.requote(record, cutsAt(record, r.d.delim), q != tidy, never))
	}
	r.recut(record, ended, consider)
	r.otherDelimiters(record, true, consider)
	if r.d.delim == ' ' {
		r.words(record, consider)
	}
	if best.cells == nil || !r.fits(best) {
		return nil, false
	}
	return best.cells, r.bold || next.cost-best.cost >= clearly
}

// plausible says whether cells look like their columns as they are.
func (r repairer) plausible(cells []cell) bool {
	return r.fits(reading{cells: cells})
}

// fits says whether a reading is sensible at all: few cells may look unlike their columns.
func (r repairer) fits(one reading) bool {
	var bad float64
	for i, c := range one.cells {
		bad += r.looks.misfit(i, bytes.Trim(c.text, string(r.d.quote)))
	}
	share := 0.15
	if r.bold {
		share = 0.34
	}
	return bad <= share*float64(r.width) && one.cost <= 2+2*share*float64(r.width)
}

// costOf is how unlike their columns cells look.
func (r repairer) costOf(cells []cell) float64 {
	var cost float64
	for i, c := range cells {
		cost += r.looks.cost(i, c.text, c.quoted)
	}
	return cost
}

// otherDelimiters reads the record as if it were written, wholly or in part, with another delimiter, or
// with apostrophes for quotes. Between spaces, text of several words has to be put together again, if that
// is wanted.
func (r repairer) otherDelimiters(record []byte, words bool, consider func(reading)) {
	for _, delim := range []byte{',', ';', '\t', '|', ' '} {
		if delim == r.d.delim || bytes.IndexByte(record, delim) < 0 {
			continue
		}
		r.inDialect(record, dialect{delim: delim, quote: r.d.quote, escape: r.d.escape}, consider)
		if delim != ' ' {
			r.bothDelimiters(record, delim, consider)
		} else if words && r.onlyQuoted(record) {
			r.words(record, consider)
		}
	}
	if r.d.quote == '"' && bytes.Count(record, []byte{'\''}) > 1 {
		r.inDialect(record, dialect{delim: r.d.delim, quote: '\''}, consider)
	}
}

// inDialect reads the record as another dialect would.
func (r repairer) inDialect(record []byte, d dialect, consider func(reading)) {
	if cells, _, q := d.cells(record, nil, nil); q != open && len(cells) == r.width {
		price := priceDelimiter
		if q == messy {
			price += priceQuote
		}
		consider(reading{cells, price + r.costOf(cells)})
	}
}

// bothDelimiters reads the record as if the other delimiter stood for some of the table's own.
func (r repairer) bothDelimiters(record []byte, other byte, consider func(reading)) {
	if r.d.pad {
		return
	}
	own := bytes.ReplaceAll(record, []byte{other}, []byte{r.d.delim})
	pieces, ok := r.d.pieces(own)
	if !ok || len(pieces) != r.width {
		return
	}
	at := 0
	for i, p := range pieces {
		pieces[i] = record[at : at+len(p)]
		at += len(p) + 1
	}
	r.settle(pieces, priceDelimiter, consider)
}

// onlyQuoted says whether the table's own delimiter is found in quotes only, when the record is cut at spaces.
func (r repairer) onlyQuoted(record []byte) bool {
	pieces, _ := r.atSpaces(record)
	for _, p := range pieces {
		if !isQuoted(p, r.d.quote) && bytes.IndexByte(p, r.d.delim) >= 0 {
			return false
		}
	}
	return true
}

func (r repairer) atSpaces(record []byte) ([][]byte, bool) {
	return dialect{delim: ' ', quote: r.d.quote, escape: r.d.escape}.pieces(record)
}

// words puts text of several words together again that was cut at spaces.
func (r repairer) words(record []byte, consider func(reading)) {
	pieces, ok := r.atSpaces(record)
	if !ok || len(pieces) < r.width || len(pieces) > 10*r.width {
		return
	}
	if one := r.requote(record, cutsBetween(pieces), false, 0.02); r.bold || r.sureOfWords(one.cells) {
		one.cost += priceDelimiter
		consider(one)
	}
}

// sureOfWords says whether words put together can only be one cell's: none of the cells beside it is text too.
func (r repairer) sureOfWords(cells []cell) bool {
	for i, c := range cells {
		if c.quoted || bytes.IndexByte(c.text, ' ') < 0 {
			continue
		}
		for _, j := range []int{i - 1, i + 1} {
			if j >= 0 && j < len(cells) && !cells[j].quoted && r.looks.prose(j) {
				return false
			}
		}
	}
	return true
}
