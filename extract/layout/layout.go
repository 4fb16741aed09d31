// Package layout finds out that a table is drawn or wrapped rather than delimited, and writes it as delimited text:
// each line in quotes as a whole, columns of fixed width, a table of Markdown or of a database's client, a
// delimiter of several characters, lines that end otherwise. It keeps every line where it is, so that its number
// stays true, and changes no cell but for the blanks around one that is drawn. It knows nothing of entities:
// which names are known it is told. Start at Of.
package layout

import (
	"bytes"
	"strings"
)

// Delim is what stands between the cells of a text that was drawn.
const Delim = '\x1f'

// Layout is how a text is written other than by a delimiter. The zero value is a text that is not.
type Layout struct {
	start func() writer // begins with the first line of a text
	// Said is what the text is, for whoever is told what was read: "" for delimited text.
	Said string
	// Written is the delimiter as the text has it, where it is written as Delim now; "" for no such thing.
	Written string
	// Drawn says that cells are parted by Delim.
	Drawn bool
}

// Plain says that the text is delimited as it stands.
func (l Layout) Plain() bool { return l.start == nil }

// always is a writer that need not remember anything.
func always(w writer) func() writer { return func() writer { return w } }

// writer appends a line, without its end, as delimited text. Inside tells that the line before it goes on, and goesOn
// that this one does.
type writer func(out, line []byte, inside bool) (written []byte, goesOn bool)

// Known says whether these are names of columns, all of them or enough to be sure.
type Known func(names []string) bool

// Of finds out how the text of a sample is written. Delimited says that a line of known names was found that a
// plain delimiter parts: then it can be wrapped or drawn, but no other delimiter is looked for.
func Of(sample []byte, known Known, delimited bool) Layout {
	if l, ok := otherEnds(sample); ok {
		return l
	}
	lines := linesOf(sample)
	ways := []func([][]byte, Known) (Layout, bool){wrapped, drawn, oddlyQuoted, trailed, oddly, fixed}
	if delimited {
		ways = ways[:3]
	}
	for _, find := range ways {
		if l, ok := find(lines, known); ok {
			return l
		}
	}
	return Layout{}
}

// mostLines is how many lines tell how a text is written.
const mostLines = 300

// linesOf gives the first lines that hold something.
func linesOf(sample []byte) [][]byte {
	var all [][]byte
	for len(sample) > 0 && len(all) < mostLines {
		line, rest, _ := bytes.Cut(sample, []byte{'\n'})
		if line = bytes.TrimRight(line, "\r"); len(bytes.TrimSpace(line)) > 0 {
			all = append(all, line)
		}
		sample = rest
	}
	return all
}

// appendCell appends the text of a cell, in quotes where it would be taken for something else without.
func appendCell(out, text []byte, first bool) []byte {
	if !first {
		out = append(out, Delim)
	}
	if len(text) == 0 || text[0] != '"' && text[0] != '\'' {
		return append(out, text...)
	}
	out = append(out, '"')
	out = append(out, bytes.ReplaceAll(text, []byte{'"'}, []byte(`""`))...)
	return append(out, '"')
}

// otherEnds finds lines that end with neither of the usual characters.
func otherEnds(sample []byte) (Layout, bool) {
	if bytes.ContainsAny(sample, "\n\r") {
		return Layout{}, false
	}
	for _, end := range []string{"\u2028", "\u0085", "\x1e", "\v"} {
		if bytes.Count(sample, []byte(end)) > 1 {
			return Layout{Said: "its lines end with a character that is seldom used for it",
				start: always(func(out, line []byte, _ bool) ([]byte, bool) {
					return append(out, bytes.ReplaceAll(line, []byte(end), []byte{'\n'})...), false
				})}, true
		}
	}
	return Layout{}, false
}

// texts are pieces as names.
func texts(pieces [][]byte) []string {
	out := make([]string, len(pieces))
	for i, p := range pieces {
		out[i] = strings.TrimSpace(strings.Trim(string(p), `"`))
	}
	return out
}
