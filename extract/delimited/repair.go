package delimited

import (
	"bytes"

	"ferry/extract/records"
)

// Repairer mends records whose quotes or delimiters are damaged, if one way to read them makes clearly
// more sense than any other: the number of columns the table has, and cells that look like those around
// them.
type Repairer struct {
	D     Dialect
	Width int
	Looks columnLooks
	// bold takes the best reading even if another is nearly as good. That is right for showing what a
	// text may hold, and wrong for landing it.
	bold bool
	// Keys are the columns that say who or what a record is about. Such a cell is never put together from
	// pieces nor cut out of a longer one, except in showing what a text may hold.
	Keys []bool
	// Off leaves every record as it stands: what most records would need is no repair but another header.
	Off bool
}

// reading is one way to cut a record.
type reading struct {
	cells []Cell
	cost  float64 // what had to be assumed, and how unlike their columns the cells look
	moved bool    // cells stand in another column than where the record, read plainly, has them
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

// Verdict says what may be done with the best reading of a damaged record.
type Verdict uint8

// Verdicts.
const (
	NoWay   Verdict = iota // no reading makes clearly more sense than the others
	Mended                 // this one does
	OnlyAsk                // this one does, but it moves cells to other columns or makes up a key
)

// Mend gives the cells of a damaged record, and whether they may stand for it. Ended tells that the record is
// complete: one that may be cut off is never filled up.
func (r Repairer) Mend(record []byte, q Quoting, ended bool) ([]Cell, Verdict) {
	if r.Off || r.Width < 2 || len(record) > longestMend {
		return nil, NoWay
	}
	best, next := r.readings(record, q, ended)
	switch {
	case best.cells == nil || !r.fits(best):
		return nil, NoWay
	case r.bold:
		return best.cells, Mended
	case next.cost-best.cost < clearly:
		return best.cells, NoWay
	case best.moved || !r.keysStand(best.cells, record):
		return best.cells, OnlyAsk
	}
	return best.cells, Mended
}

// readings gives the two readings that make the best sense.
func (r Repairer) readings(record []byte, q Quoting, ended bool) (best, next reading) {
	best, next = reading{cost: never}, reading{cost: never}
	consider := func(one reading) {
		switch {
		case len(one.cells) != r.Width:
		case best.cells != nil && SameCells(one.cells, best.cells):
			best.cost, best.moved = min(best.cost, one.cost), best.moved && one.moved
		case one.cost < best.cost:
			best, next = one, best
		case one.cost < next.cost:
			next = one
		}
	}
	if r.D.Quote != 0 && bytes.IndexByte(record, r.D.Quote) >= 0 {
		consider(r.requote(record, cutsAt(record, r.D.Delim), q != Tidy, never))
	}
	r.recut(record, ended, consider)
	r.unwrapped(record, consider)
	r.otherDelimiters(record, true, consider)
	if r.D.Delim == ' ' {
		r.words(record, consider)
	}
	return best, next
}

// keysStand says whether every key stands in the record by itself: between delimiters, quotes, blanks or
// the ends, and with none of these inside.
func (r Repairer) keysStand(cells []Cell, record []byte) bool {
	for i, c := range cells {
		if i >= len(r.Keys) || !r.Keys[i] {
			continue
		}
		if text := bytes.Trim(c.Text, string(r.D.Quote)); len(text) > 0 && !standsIn(record, text) {
			return false
		}
	}
	return true
}

const borders = ",;\t|\"' \x1f"

func standsIn(record, text []byte) bool {
	if bytes.ContainsAny(text, borders) {
		return false
	}
	border := func(i int) bool { return i < 0 || i >= len(record) || bytes.IndexByte([]byte(borders), record[i]) >= 0 }
	for at := 0; ; {
		k := bytes.Index(record[at:], text)
		if k < 0 {
			return false
		}
		if at += k; border(at-1) && border(at+len(text)) {
			return true
		}
		at++
	}
}

// Stands says whether a record is whole as it was cut, but for its quotes perhaps, and whether it makes so good a sense
// that nothing else need be tried.
func (r Repairer) Stands(record []byte, cells []Cell, q Quoting, fault records.Fault) (whole, asItIs bool) {
	if q == Open || fault != records.Sound && fault != StrayQuote || surplus(cells, r.Width) {
		return false, false
	}
	plausible := r.fits(reading{cells: cells[:r.Width]})
	fewSeen := !r.Known() && len(cells) == r.Width && fault == StrayQuote // how it looks says nothing yet
	if (plausible || fewSeen) && q == Tidy && !r.touching(record) {
		return true, true
	}
	return plausible || len(cells) == r.Width ||
		!r.Known(), false // empty cells too many may stand for one that slipped in
}

// touching says whether a quote stands between two letters or digits, so that it may be where a quoted
// cell begins and the delimiter before it is missing.
func (r Repairer) touching(record []byte) bool {
	for at := 0; r.D.Quote != 0; {
		k := bytes.IndexByte(record[at:], r.D.Quote)
		if k < 0 {
			return false
		}
		at += k + 1
		if at > 1 && at < len(record) && record[at-2] != r.D.Delim && record[at] != r.D.Delim && record[at] > ' ' {
			return true
		}
	}
	return false
}

// fits says whether a reading is sensible at all: few cells may look unlike their columns.
func (r Repairer) fits(one reading) bool {
	var bad float64
	for i, c := range one.cells {
		bad += r.Looks.misfit(i, bytes.Trim(c.Text, string(r.D.Quote)))
	}
	share := 0.15
	if r.bold {
		share = 0.34
	}
	return bad <= share*float64(r.Width) && one.cost <= 2+2*share*float64(r.Width)
}

// costOf is how unlike their columns cells look.
func (r Repairer) costOf(cells []Cell) float64 {
	var cost float64
	for i, c := range cells {
		cost += r.Looks.cost(i, c.Text, c.quoted)
	}
	return cost
}

// otherDelimiters reads the record as if it were written, wholly or in part, with another delimiter, or
// with apostrophes for quotes. Between spaces, text of several words has to be put together again, if that
// is wanted.
func (r Repairer) otherDelimiters(record []byte, words bool, consider func(reading)) {
	for _, delim := range []byte{',', ';', '\t', '|', ' '} {
		if delim == r.D.Delim || bytes.IndexByte(record, delim) < 0 {
			continue
		}
		r.inDialect(record, Dialect{Delim: delim, Quote: r.D.Quote, escape: r.D.escape}, consider)
		if delim != ' ' {
			r.bothDelimiters(record, delim, consider)
		} else if words && r.onlyQuoted(record) {
			r.words(record, consider)
		}
	}
	if r.D.Quote == '"' && bytes.Count(record, []byte{'\''}) > 1 {
		r.inDialect(record, Dialect{Delim: r.D.Delim, Quote: '\''}, consider)
	}
}

// inDialect reads the record as another dialect would.
func (r Repairer) inDialect(record []byte, d Dialect, consider func(reading)) {
	if cells, _, q := d.Cells(record, nil, nil); q != Open && len(cells) == r.Width {
		price := priceDelimiter
		if q == Messy {
			price += priceQuote
		}
		consider(reading{cells: cells, cost: price + r.costOf(cells)})
	}
}

// bothDelimiters reads the record as if the other delimiter stood for some of the table's own.
func (r Repairer) bothDelimiters(record []byte, other byte, consider func(reading)) {
	own := bytes.ReplaceAll(record, []byte{other}, []byte{r.D.Delim})
	pieces, ok := r.D.pieces(own)
	if !ok || len(pieces) != r.Width || !seamless(pieces, own) {
		return
	}
	at := 0
	for i, p := range pieces {
		pieces[i] = record[at : at+len(p)]
		at += len(p) + 1
	}
	r.settle(pieces, priceDelimiter, false, consider)
}

// onlyQuoted says whether the table's own delimiter is found in quotes only, when the record is cut at spaces.
func (r Repairer) onlyQuoted(record []byte) bool {
	pieces, _ := r.atSpaces(record)
	for _, p := range pieces {
		if !isQuoted(p, r.D.Quote) && bytes.IndexByte(p, r.D.Delim) >= 0 {
			return false
		}
	}
	return true
}

func (r Repairer) atSpaces(record []byte) ([][]byte, bool) {
	return Dialect{Delim: ' ', Quote: r.D.Quote, escape: r.D.escape}.pieces(record)
}

// words puts text of several words together again that was cut at spaces.
func (r Repairer) words(record []byte, consider func(reading)) {
	pieces, ok := r.atSpaces(record)
	if !ok || len(pieces) < r.Width || len(pieces) > 10*r.Width {
		return
	}
	if one := r.requote(record, cutsBetween(pieces), false, 0.02); r.bold || r.sureOfWords(one.cells) {
		one.cost += priceDelimiter
		consider(one)
	}
}

// sureOfWords says whether words put together can only be one cell's: none of the cells beside it is text too.
func (r Repairer) sureOfWords(cells []Cell) bool {
	for i, c := range cells {
		if c.quoted || bytes.IndexByte(c.Text, ' ') < 0 {
			continue
		}
		for _, j := range []int{i - 1, i + 1} {
			if j >= 0 && j < len(cells) && !cells[j].quoted && r.Looks.prose(j) {
				return false
			}
		}
	}
	return true
}
