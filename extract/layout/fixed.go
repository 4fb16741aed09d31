package layout

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

// fixed finds columns of fixed width: a line of dashes below the names shows them, or blanks stand at the same
// place in all lines.
func fixed(lines [][]byte, known Known) (Layout, bool) {
	if len(lines) < 3 || slices.ContainsFunc(lines, func(l []byte) bool { return bytes.IndexByte(l, '\t') >= 0 }) {
		return Layout{}, false
	}
	cuts := dashed(lines)
	if cuts == nil {
		cuts = aligned(lines, known)
	}
	if cuts == nil {
		return Layout{}, false
	}
	return Layout{Said: "its columns are of fixed width", Drawn: true,
		start: always(func(out, line []byte, _ bool) ([]byte, bool) { return writeFixed(out, line, cuts), false })}, true
}

// dashed are the columns that a line of dashes below the names shows.
func dashed(lines [][]byte) []int {
	for i, line := range lines[:min(len(lines), 10)] {
		if i == 0 || len(bytes.Trim(line, "- ")) > 0 || len(bytes.Fields(line)) < 2 {
			continue
		}
		var cuts []int
		for at := range line {
			if line[at] == '-' && (at == 0 || line[at-1] == ' ') {
				cuts = append(cuts, at)
			}
		}
		if len(cuts) > 1 && fitShare(lines[i:], cuts) {
			return cuts
		}
	}
	return nil
}

// aligned are the columns between the places where all lines have a blank.
func aligned(lines [][]byte, known Known) []int {
	wide, width := 0, 0
	for _, line := range lines {
		if bytes.Contains(bytes.TrimSpace(line), []byte("  ")) {
			wide++
		}
		width = max(width, utf8.RuneCount(line))
	}
	if wide*2 < len(lines) || width > 4096 {
		return nil
	}
	filled := make([]bool, width)
	for _, line := range lines {
		for i, at := range characters(line) {
			filled[i] = filled[i] || line[at] != ' '
		}
	}
	var cuts []int
	header := []rune(string(lines[0]))
	for i := range filled {
		if !filled[i] || i > 0 && filled[i-1] {
			continue
		}
		end := i
		for end < len(filled) && filled[end] {
			end++
		}
		if i < len(header) && len(bytes.TrimSpace([]byte(string(header[i:min(end, len(header))])))) > 0 {
			cuts = append(cuts, i) // where the header has no name a column goes on
		}
	}
	if len(cuts) < 2 || !fitShare(lines, cuts) {
		return nil
	}
	names := pieces(lines[0], cuts)
	for _, n := range names {
		if bytes.Contains(n, []byte("  ")) {
			return nil
		}
	}
	if !known(texts(names)) && (len(lines) < 5 || !noOther(lines, []byte("\x00"))) {
		return nil
	}
	return cuts
}

// fitShare says whether nearly all lines can be cut there.
func fitShare(lines [][]byte, cuts []int) bool {
	fit := 0
	for _, line := range lines {
		if pieces(line, cuts) != nil {
			fit++
		}
	}
	return fit*20 >= len(lines)*19
}

// pieces cuts a line into its columns, nil where a cut would go through a word.
func pieces(line []byte, cuts []int) [][]byte {
	places := characters(line)
	all := make([][]byte, len(cuts))
	for i, from := range cuts {
		to := len(line)
		if i+1 < len(cuts) && cuts[i+1] < len(places) {
			to = places[cuts[i+1]]
		}
		if i == 0 {
			from = 0
		}
		if from >= len(places) {
			continue
		}
		if i > 0 && line[places[from]-1] != ' ' {
			return nil
		}
		all[i] = bytes.TrimSpace(line[places[from]:to])
	}
	return all
}

// characters are the places where the characters of a line begin.
func characters(line []byte) []int {
	var all []int
	for at := 0; at < len(line); {
		all = append(all, at)
		_, n := utf8.DecodeRune(line[at:])
		at += n
	}
	return all
}

// writeFixed writes a line column by column; one that cannot be cut stays as it is, and so does not fit its table.
func writeFixed(out, line []byte, cuts []int) []byte {
	cells := pieces(line, cuts)
	if cells == nil || len(bytes.TrimSpace(line)) == 0 {
		return append(out, line...)
	}
	for i, c := range cells {
		out = appendCell(out, c, i == 0)
	}
	return out
}
