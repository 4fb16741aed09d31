package delimited

import (
	"bytes"
	"unicode/utf8"
)

// recut tries what a single delimiter too many, missing or not quoted can have done to a record.
func (r Repairer) recut(record []byte, ended bool, consider func(reading)) {
	pieces, ok := r.D.pieces(record)
	extra := len(pieces) - r.Width
	if len(pieces)*r.Width > maxPrices/10 {
		return
	}
	switch {
	case !ok:
	case extra == 0:
		r.settle(pieces, 0, false, consider)
	case extra > 0:
		r.without(pieces, extra, consider)
		r.joined(record, pieces, extra, consider)
	case extra == -1 && ended && r.Known():
		r.filled(pieces, consider)
		r.divided(pieces, consider)
	}
	if ended && r.Known() {
		r.atQuotes(record, consider)
	}
}

// Known says whether enough of the table was seen to say what belongs where.
func (r Repairer) Known() bool { return r.bold || len(r.Looks) > 0 && r.Looks[0].cells >= 10 }

// unwrapped reads a record that stands in quotes as a whole.
func (r Repairer) unwrapped(record []byte, consider func(reading)) {
	if r.D.Quote == 0 || len(record) < 3 || record[0] != r.D.Quote || record[len(record)-1] != r.D.Quote {
		return
	}
	whole, _, q := r.D.Cells(record, nil, nil)
	if len(whole) != 1 || q != Tidy {
		return
	}
	if cells, _, q := r.D.Cells(whole[0].Text, nil, nil); q == Tidy && len(cells) == r.Width {
		consider(reading{cells: cells, cost: priceDelimiter + r.costOf(cells)})
	}
}

// settle offers pieces as a reading; moved says that cells left their column for it.
func (r Repairer) settle(pieces [][]byte, price float64, moved bool, consider func(reading)) {
	cells := make([]Cell, len(pieces))
	for i, p := range pieces {
		cells[i] = r.read(p)
		if inner, ok := r.inQuotes(p); ok {
			price += r.undoubled(inner)
		} else {
			price += r.quotes(p)
		}
	}
	consider(reading{cells: cells, cost: price + r.costOf(cells), moved: moved})
}

// without leaves out empty pieces that follow each other: delimiters too many.
func (r Repairer) without(pieces [][]byte, extra int, consider func(reading)) {
	empty := 0
	for i, p := range pieces {
		if empty++; len(p) > 0 {
			empty = 0
		}
		if empty >= extra {
			rest := append(append([][]byte{}, pieces[:i+1-extra]...), pieces[i+1:]...)
			r.settle(rest, priceDelimiter*float64(extra), i+1 < len(pieces), consider)
		}
	}
}

// joined puts pieces together that text with delimiters was cut into for want of quotes. To be landed it
// must read as prose does: a space behind each delimiter, in a column of text.
func (r Repairer) joined(record []byte, pieces [][]byte, extra int, consider func(reading)) {
	if !seamless(pieces, record) {
		return
	}
	at := 0
	for i := 0; i+extra < len(pieces); i++ {
		end, plain := at, true
		for j, p := range pieces[i : i+extra+1] {
			end += len(p) + 1
			plain = plain && (len(p) == 0 || p[0] != r.D.Quote) && (j == 0 || r.bold || len(p) > 0 && p[0] == ' ')
		}
		if plain && (r.bold || r.Looks.prose(i)) {
			rest := append(append([][]byte{}, pieces[:i]...), record[at:end-1])
			r.settle(append(rest, pieces[i+extra+1:]...), priceDelimiter*float64(extra), false, consider)
		}
		at += len(pieces[i]) + 1
	}
}

// seamless says whether nothing but delimiters stands between the pieces.
func seamless(pieces [][]byte, record []byte) bool {
	n := len(pieces) - 1
	for _, p := range pieces {
		n += len(p)
	}
	return n == len(record)
}

// filled puts an empty cell where one is missing.
func (r Repairer) filled(pieces [][]byte, consider func(reading)) {
	for i := range r.Width {
		if r.bold || r.Looks.usuallyEmpty(i) {
			rest := append(append([][]byte{}, pieces[:i]...), nil)
			r.settle(append(rest, pieces[i:]...), priceDelimiter, i < len(pieces), consider)
		}
	}
}

// longestDivide is how long a cell may be to be divided anywhere.
const longestDivide = 200

// likeOthers is how unlike their columns the halves of a divided cell may look together to be landed.
const likeOthers = 0.5

// divided cuts one piece in two where the delimiter between two cells may be missing: where both halves
// look most like their columns, and where they look second best, so that a doubt shows.
func (r Repairer) divided(pieces [][]byte, consider func(reading)) {
	for i, p := range pieces {
		if len(p) > longestDivide || len(p) > 0 && p[0] == r.D.Quote {
			continue
		}
		first, second := 0, 0
		lowest, low := never, never
		for at := 1; at < len(p); at++ {
			if !utf8.RuneStart(p[at]) {
				continue
			}
			switch c := r.Looks.cost(i, p[:at], false) + r.Looks.cost(i+1, p[at:], false); {
			case c < lowest:
				first, second, lowest, low = at, first, c, lowest
			case c < low:
				second, low = at, c
			}
		}
		for _, at := range []int{first, second} {
			if at > 0 && (r.bold || lowest <= likeOthers) {
				rest := append(append([][]byte{}, pieces[:i]...), p[:at], p[at:])
				r.settle(append(rest, pieces[i+1:]...), priceDelimiter, false, consider)
			}
		}
	}
}

// mostQuotes is at how many quotes of a record a missing delimiter is looked for.
const mostQuotes = 64

// atQuotes divides the record where a quoted cell touches its neighbour.
func (r Repairer) atQuotes(record []byte, consider func(reading)) {
	q := r.D.Quote
	if q == 0 {
		return
	}
	at := 0
	for range mostQuotes {
		k := bytes.IndexByte(record[at:], q)
		if k < 0 {
			return
		}
		for _, p := range []int{at + k, at + k + 1} {
			if p == 0 || p == len(record) || record[p-1] == r.D.Delim || record[p] == r.D.Delim {
				continue
			}
			left, ok := r.D.pieces(record[:p])
			right, sound := r.D.pieces(record[p:])
			if ok && sound && len(left)+len(right) == r.Width && (isQuoted(left[len(left)-1], q) || isQuoted(right[0], q)) {
				r.settle(append(left, right...), priceDelimiter, false, consider)
			}
		}
		at += k + 1
	}
}

func isQuoted(piece []byte, q byte) bool {
	return len(piece) > 1 && piece[0] == q && piece[len(piece)-1] == q
}
