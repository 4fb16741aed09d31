package layout

import (
	"bytes"
	"slices"
)

// wrapped finds lines that stand in quotes as a whole, with the quotes in them doubled, as a program writes them that
// took each line for one cell. The first line, the names, may have been spared.
func wrapped(lines [][]byte, known Known) (Layout, bool) {
	if len(lines) < 2 {
		return Layout{}, false
	}
	var first []byte
	var inner [][]byte
	others, inside := 0, false
	for i, line := range lines {
		text, goesOn, is := unwrap(nil, line, inside)
		switch {
		case inside && is:
			inner[len(inner)-1] = append(append(inner[len(inner)-1], '\n'), text...)
		case is:
			inner = append(inner, text)
			if i == 0 {
				first = text
			}
		case i == 0:
			first = line
		default:
			others++
		}
		inside = goesOn
	}
	if len(inner) == 0 || others*20 > len(inner) {
		return Layout{}, false
	}
	for _, delim := range []byte(",;\t|") {
		if hold(first, inner, delim, known) {
			return Layout{Said: "each of its lines stands in quotes", start: always(writeUnwrapped)}, true
		}
	}
	return Layout{}, false
}

// hold says whether wrapped lines hold cells: as many in nearly all of them as the first line has, and either that has
// known names or the cells cannot be text.
func hold(first []byte, inner [][]byte, delim byte, known Known) bool {
	names := cut(first, delim)
	width := len(names)
	if width < 2 {
		return false
	}
	fit, prose := 0, 0
	for _, line := range inner {
		if len(cut(line, delim)) == width {
			fit++
		}
		if slices.ContainsFunc(cut(line, delim)[1:], func(p []byte) bool { return len(p) > 0 && p[0] == ' ' }) {
			prose++
		}
	}
	return fit*10 >= len(inner)*9 && (known(texts(names)) || width > 2 && prose*4 < len(inner))
}

// cut cuts a line at its delimiters, those in quotes left alone.
func cut(line []byte, delim byte) [][]byte {
	var all [][]byte
	start, quoted := 0, false
	for i, c := range line {
		switch {
		case c == '"':
			quoted = !quoted
		case c == delim && !quoted:
			all = append(all, line[start:i])
			start = i + 1
		}
	}
	return append(all, line[start:])
}

// unwrap appends the text of a line that stands in quotes, or goes on to, and says whether it is one. Behind the last
// quote only delimiters may follow.
func unwrap(out, line []byte, inside bool) (text []byte, goesOn, is bool) {
	at := 0
	if !inside {
		if len(line) == 0 || line[0] != '"' {
			return append(out, line...), false, false
		}
		at = 1
	}
	text = out
	for at < len(line) {
		k := bytes.IndexByte(line[at:], '"')
		if k < 0 {
			return append(text, line[at:]...), true, true
		}
		text = append(text, line[at:at+k]...)
		if at += k + 1; at < len(line) && line[at] == '"' {
			text = append(text, '"')
			at++
			continue
		}
		if len(bytes.Trim(line[at:], ",;\t| ")) > 0 {
			return append(out, line...), false, false
		}
		return text, false, true
	}
	return text, true, true
}

func writeUnwrapped(out, line []byte, inside bool) ([]byte, bool) {
	out, goesOn, _ := unwrap(out, line, inside)
	return out, goesOn
}
