package layout

import "bytes"

// drawn finds a table with lines between its cells: | a | b |, as in Markdown and as the clients of databases
// write it, or a | b above a line of dashes.
func drawn(lines [][]byte, _ Known) (Layout, bool) {
	edged, crossed := 0, 0
	for i, line := range lines {
		if hasEdges(line) {
			edged++
		}
		if i > 0 && isRule(line) && bars(lines[i-1]) > 0 && crossings(line) == bars(lines[i-1]) && !hasEdges(line) {
			crossed++
		}
	}
	edges := edged > 1 && (edged == len(lines) || ruled(lines))
	if !edges && crossed == 0 {
		return Layout{}, false
	}
	width := 0 // no line is cut otherwise than the header
	for i, line := range lines {
		if edges && hasEdges(line) && !isRule(line) ||
			!edges && i+1 < len(lines) && isRule(lines[i+1]) && bars(line) > 0 && crossings(lines[i+1]) == bars(line) {
			width = len(between(line, edges))
			break
		}
	}
	if width < 2 {
		return Layout{}, false
	}
	return Layout{Said: "it is a table drawn with lines", Drawn: true, Written: "|", start: func() writer {
		begun := false
		return func(out, line []byte, _ bool) ([]byte, bool) {
			return writeDrawn(out, line, edges, width, &begun), false
		}
	}}, true
}

// ruled says whether a line of dashes stands beside one with edges.
func ruled(lines [][]byte) bool {
	for i, line := range lines {
		if isRule(line) && (i > 0 && hasEdges(lines[i-1]) || i+1 < len(lines) && hasEdges(lines[i+1])) {
			return true
		}
	}
	return false
}

// writeDrawn writes one line of a drawn table. A line of dashes becomes one cell by cell, above the names nothing.
func writeDrawn(out, line []byte, edges bool, width int, begun *bool) []byte {
	switch {
	case isRule(line):
		for i := range width {
			if *begun {
				out = appendCell(out, []byte("---"), i == 0)
			}
		}
		return out
	case edges && !hasEdges(line), !edges && bars(line) == 0:
		return append(out, line...)
	}
	*begun = true
	for i, cell := range between(line, edges) {
		out = appendCell(out, cell, i == 0)
	}
	return out
}

// between are the cells of a drawn line, without the blanks around them. A bar behind a backslash is text.
func between(line []byte, edges bool) [][]byte {
	if line = bytes.TrimSpace(line); edges {
		line = line[1 : len(line)-1]
	}
	var all [][]byte
	start := 0
	add := func(end int) {
		all = append(all, bytes.ReplaceAll(bytes.TrimSpace(line[start:end]), []byte(`\|`), []byte("|")))
	}
	for i, c := range line {
		if c == '|' && (i == 0 || line[i-1] != '\\') {
			add(i)
			start = i + 1
		}
	}
	add(len(line))
	return all
}

// hasEdges says whether a line begins and ends with a bar.
func hasEdges(line []byte) bool {
	line = bytes.TrimSpace(line)
	return len(line) > 2 && line[0] == '|' && line[len(line)-1] == '|' && line[len(line)-2] != '\\'
}

func bars(line []byte) int { return bytes.Count(line, []byte{'|'}) - bytes.Count(line, []byte(`\|`)) }

// crossings is how often bars cross a line of dashes.
func crossings(line []byte) int { return bytes.Count(bytes.Trim(line, " "), []byte{'+'}) + bars(line) }

// isRule says whether a line is drawn between rows.
func isRule(line []byte) bool {
	return bytes.Count(line, []byte{'-'})+bytes.Count(line, []byte{'='}) > 1 && len(bytes.Trim(line, "+-=|: ")) == 0
}
