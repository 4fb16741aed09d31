package extract

import (
	"bytes"
	"regexp"
	"slices"
)

// isTotal says whether the record sums up those above it: it says so where others say who they are about.
func (w *csvBlock) isTotal() bool {
	if w.bare || !slices.Contains(w.keyed, true) {
		return false
	}
	said := false
	for i, c := range w.cells[:len(w.headers)] {
		text := bytes.TrimSpace(c.Text)
		switch {
		case len(text) == 0:
		case !said && totals.Match(text):
			said = true
		case !said || w.keyed[i] && !number.Match(text):
			return false // something stands before it, or it is about somebody after all
		}
	}
	return said
}

var (
	totals = regexp.MustCompile(`(?i)^((grand |sub)?totals?|sum|count|average|records|rows|summe|` +
		`gesamt(summe|zahl|ergebnis)?|insgesamt|anzahl|durchschnitt|mittelwert|total général|totale|totaal|somme|moyenne|` +
		`suma|razem|celkem|итого|合計)( *[:=].*)?$`)
	number = regexp.MustCompile(`^[0-9][0-9.,' ]*%?$`)
)
