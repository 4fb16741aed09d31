package discovery

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"ferry/extract/delimited"
	"ferry/extract/layout"
	"ferry/extract/source"
	"ferry/extract/xtremepush"
)

// known is what tells the names of columns from data.
var known = delimited.Known{Header: IsHeader, Names: allColumns, Count: countColumns, Same: sameColumns}

// Known is the same for one source: how a sheet is written is not to be found out.
func (s Input) Known() delimited.Known {
	k := known
	if s.Sheet() {
		k.Delim = ','
	}
	return drawnOf(k, s.Shape.Layout)
}

// drawnOf is known for a text that was drawn: what parts its cells is not to be found out.
func drawnOf(k delimited.Known, l layout.Layout) delimited.Known {
	if l.Drawn {
		k.Delim = layout.Delim
	}
	return k
}

// layoutOf finds out how a text is written that is not plainly delimited.
func layoutOf(sample []byte, k delimited.Known) layout.Layout {
	if k.Delim != 0 {
		return layout.Layout{}
	}
	return layout.Of(sample, func(names []string) bool { return IsHeader(names) || len(names) > 1 && allColumns(names) },
		k.Line(sample))
}

// IsHeader says whether a record is surely a header: it has the columns some entity needs.
func IsHeader(names []string) bool {
	names = cleanNames(names)
	if xtremepush.KnownNames(names) < 2 {
		return false // as most lines are
	}
	all := xtremepush.ByHeaders(names)
	return len(all) > 0 && all[0].Known >= 2
}

// allColumns says whether each of the names is that of a column of one entity. A single name has to be the
// column's own: an alias may well be a word.
func allColumns(names []string) bool {
	names = cleanNames(names)
	if xtremepush.KnownNames(names) < len(names) {
		return false // as most lines are
	}
	for _, e := range xtremepush.Entities() {
		if len(names) == 1 {
			if _, claim := e.Column(names[0]); claim >= 2 {
				return true
			}
			continue
		}
		all := true
		for _, at := range e.Match(names) {
			all = all && at >= 0
		}
		if all {
			return true
		}
	}
	return false
}

// sameColumns says whether all names of two lines are those of the same columns of one entity.
func sameColumns(a, b []string) bool {
	a, b = cleanNames(a), cleanNames(b)
	if len(a) < 2 || len(a) != len(b) || xtremepush.KnownNames(a) < len(a) || xtremepush.KnownNames(b) < len(b) {
		return false
	}
	for _, e := range xtremepush.Entities() {
		if at := e.Match(a); !slices.Contains(at, -1) && slices.Equal(at, e.Match(b)) {
			return true
		}
	}
	return false
}

// WrittenNames are the names under which the cells of columns are kept that the entity does not know: each another, and
// one that stands over several columns is that of each.
func WrittenNames(t delimited.Table, headers []string, at []int) (names []string, spanned bool) {
	names = slices.Clone(headers)
	for i := range names {
		if i > 0 && i < len(t.Spans) && t.Spans[i] && at[i-1] < 0 && names[i] == "" {
			names[i], spanned = names[i-1], true
		}
	}
	return delimited.UniqueNames(names), spanned
}

// countColumns is how many of the names some entity knows, the one that knows most of them.
func countColumns(names []string) int {
	names, most := cleanNames(names), 0
	for _, e := range xtremepush.Entities() {
		n := 0
		for _, at := range e.Match(names) {
			if at >= 0 {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}

// HeaderNames are the names of the columns of a table.
func HeaderNames(t delimited.Table) []string {
	if len(t.Header) == 0 {
		return nil
	}
	return cleanNames(delimited.Texts(t.Header[0]))
}

// cleanNames makes names fit to be those of columns: bytes that are not UTF-8 are repaired as in cells,
// and characters that nobody sees count for nothing.
func cleanNames(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		text, _, _ := source.RepairUTF8([]byte(n), nil)
		out[i] = strings.Map(visible, string(text))
	}
	if len(out) > 1 && strings.HasPrefix(out[0], "#") { // a header written as a comment
		if name := strings.TrimLeft(out[0], "# "); name != "" {
			out[0] = name
		}
	}
	return out
}

func visible(r rune) rune {
	switch {
	case r == '\u00a0' || r == '\u202f' || r == '\u2007' || r == '\t' || r == '\n' || r == '\r':
		return ' '
	case unicode.Is(unicode.Cf, r) || unicode.IsControl(r):
		return -1
	}
	return r
}

// InHeader is a name as the cells of a repeated header would have it.
func InHeader(t delimited.Table, i int, name string) []byte {
	if len(t.Header) == 0 || i >= len(t.Header[0]) {
		return []byte(name)
	}
	text, _, _ := source.RepairUTF8(t.Header[0][i].Text, nil)
	return text
}

// KeyColumns are those that say who or what a record is about: ids and addresses.
func KeyColumns(e xtremepush.Entity, headers []string, at []int) []bool {
	keys := make([]bool, len(headers))
	for i, h := range headers {
		if at[i] >= 0 {
			keys[i] = xtremepush.IsKey(e.Columns[at[i]])
		} else {
			keys[i] = xtremepush.IsKey(strings.ToLower(strings.NewReplacer(" ", "_", "-", "_").Replace(h)))
		}
	}
	return keys
}

// anyKeys are the columns that may be keys, whatever table they are those of.
func anyKeys(headers []string) []bool {
	keys := make([]bool, len(headers))
	for _, e := range xtremepush.Entities() {
		for i, is := range KeyColumns(e, headers, e.Match(headers)) {
			keys[i] = keys[i] || is
		}
	}
	return keys
}

// Nameless says that a file was named by hand and none of its columns is known: its records land with
// nothing but what they hold besides.
func Nameless(s Input, t delimited.Table) string {
	if !s.ByHand || len(knownAmong(HeaderNames(t))) > 0 {
		return ""
	}
	return "none of its columns has a known name: all its cells are extras of " + s.Entity.Name
}

// Twice says which columns mean what another one means already: both land, the second under its own name.
func Twice(e xtremepush.Entity, headers []string) string {
	at, written := e.Match(headers), delimited.UniqueNames(headers)
	note := ""
	for i, h := range headers {
		column, _ := e.Column(h)
		if at[i] >= 0 || column < 0 {
			continue
		}
		first := slices.Index(at, column)
		if first < 0 {
			continue
		}
		note = JoinNotes(note, fmt.Sprintf("%s and %s are both %s: %s is taken, %s is kept under its own name",
			source.Printable(headers[first]), source.Printable(written[i]), e.Columns[column], source.Printable(headers[first]),
			source.Printable(written[i])))
	}
	return note
}
