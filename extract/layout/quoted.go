package layout

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// oddQuotes are the signs that programs put around cells instead of the usual quotes.
var oddQuotes = [][2]string{{"“", "”"}, {"„", "“"}, {"„", "”"}, {"”", "”"}, {"«", "»"}, {"»", "«"}, {"「", "」"},
	{"þ", "þ"}, {"`", "`"}, {"``", "''"}, {"‘", "’"}, {"|", "|"}, {"~", "~"}, {"^", "^"}, {"*", "*"}}

// oddlyQuoted finds cells in quotes of another kind: without them the names are known, or the lines have as many cells
// as the first.
func oddlyQuoted(lines [][]byte, known Known) (Layout, bool) {
	for _, quotes := range oddQuotes {
		first, last := []byte(quotes[0]), []byte(quotes[1])
		for _, delim := range []byte(",;\t|\x14\x1f") {
			if string(delim) == quotes[0] || !worthIt(lines, first, last, delim) {
				continue
			}
			names := texts(quotedCells(lines[0], first, last, delim))
			width := len(names)
			plain, honoured := fitting(lines, nil, nil, delim, width), fitting(lines, first, last, delim, width)
			newly := known(names) && !known(texts(quotedCells(lines[0], nil, nil, delim)))
			_, n := utf8.DecodeRune(first)
			sure := n > 1 || len(first) > 1 // a sign that nobody types beside a delimiter by chance
			if width < 2 || honoured*10 < len(lines)*9 || !newly && (!sure || honoured <= plain) {
				continue
			}
			l := Layout{Said: fmt.Sprintf("its cells stand in %s and %s instead of quotes", first, last),
				start: always(func(out, line []byte, _ bool) ([]byte, bool) {
					return writeQuoted(out, line, first, last, delim), false
				})}
			if delim == '\x14' {
				l.Drawn, l.Written = true, string(delim)
			}
			return l, true
		}
	}
	return Layout{}, false
}

// worthIt says whether a line has a cell in such quotes.
func worthIt(lines [][]byte, first, last []byte, delim byte) bool {
	for _, line := range lines[:min(len(lines), 100)] {
		if bytes.IndexByte(line, delim) >= 0 && bytes.Contains(line, first) && bytes.Contains(line, last) {
			return true
		}
	}
	return false
}

// fitting counts the lines that have as many cells as the first.
func fitting(lines [][]byte, first, last []byte, delim byte, width int) (n int) {
	for _, line := range lines {
		if len(quotedCells(line, first, last, delim)) == width {
			n++
		}
	}
	return n
}

// quotedCells cuts a line at its delimiters, those in quotes of either kind left alone; odd quotes are taken off, usual
// ones are not.
func quotedCells(line, first, last []byte, delim byte) (all [][]byte) {
	for at := 0; ; {
		text, next, _ := quotedCell(line, at, first, last, delim)
		all = append(all, text)
		if next > len(line) {
			return all
		}
		at = next
	}
}

// quotedCell is the cell that begins at a place, and where the next one does; odd says that it stood in odd quotes.
func quotedCell(line []byte, at int, first, last []byte, delim byte) (text []byte, next int, odd bool) {
	start := at
	for start < len(line) && line[start] == ' ' {
		start++
	}
	ends := func(i int) int { // where the delimiter stands behind a closing quote, -1 if something else does
		for i < len(line) && line[i] == ' ' {
			i++
		}
		if i == len(line) || line[i] == delim {
			return i
		}
		return -1
	}
	if len(first) > 0 && bytes.HasPrefix(line[start:], first) {
		for i := start + len(first); ; {
			k := bytes.Index(line[i:], last)
			if k < 0 {
				break
			}
			if end := ends(i + k + len(last)); end >= 0 {
				return line[start+len(first) : i+k], end + 1, true
			}
			i += k + len(last)
		}
	}
	if start < len(line) && line[start] == '"' {
		for i := start + 1; ; {
			k := bytes.IndexByte(line[i:], '"')
			if k < 0 {
				break
			}
			if end := ends(i + k + 1); end >= 0 {
				return line[at:end], end + 1, false
			}
			i += k + 1
		}
	}
	if k := bytes.IndexByte(line[at:], delim); k >= 0 {
		return line[at : at+k], at + k + 1, false
	}
	return line[at:], len(line) + 1, false
}

// writeQuoted writes a line with the usual quotes around the cells that have odd ones.
func writeQuoted(out, line, first, last []byte, delim byte) []byte {
	if len(line) == 0 {
		return out
	}
	between := delim
	if delim == '\x14' {
		between = Delim
	}
	for at := 0; ; {
		text, next, odd := quotedCell(line, at, first, last, delim)
		if odd {
			out = append(out, '"')
			out = append(out, bytes.ReplaceAll(text, []byte{'"'}, []byte(`""`))...)
			out = append(out, '"')
		} else {
			out = append(out, text...)
		}
		if next > len(line) {
			return out
		}
		out, at = append(out, between), next
	}
}

// trailed finds lines that all end with delimiters of another kind than the one their cells are parted by, as a program
// adds them that took each line for one cell.
func trailed(lines [][]byte, known Known) (Layout, bool) {
	if len(lines) < 2 {
		return Layout{}, false
	}
	for _, other := range []byte(",;\t") {
		bare := bytes.TrimRight(lines[0], string(other))
		end := lines[0][len(bare):]
		if len(end) == 0 {
			continue
		}
		for _, delim := range []byte(";,\t|") {
			if delim == other || !known(texts(cut(bare, delim))) {
				continue
			}
			for _, line := range lines {
				if !bytes.HasSuffix(line, end) {
					return Layout{}, false
				}
			}
			return Layout{Said: "empty cells of another delimiter behind each line are left out",
				start: always(func(out, line []byte, _ bool) ([]byte, bool) {
					return append(out, bytes.TrimSuffix(line, end)...), false
				})}, true
		}
	}
	return Layout{}, false
}
