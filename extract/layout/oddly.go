package layout

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// oddly finds a delimiter of several characters, or of one that is none elsewhere: in the first lines it parts known
// names, or all lines have it equally often and no usual delimiter.
func oddly(lines [][]byte, known Known) (Layout, bool) {
	for i, line := range lines[:min(len(lines), 5)] {
		for _, delim := range runs(line) {
			names := bytes.Split(line, delim)
			if len(names) < 2 || !regular(lines[i:], delim, len(names)) {
				continue
			}
			if known(texts(names)) || i == 0 && len(lines) > 2 && unusual(delim) && noOther(lines, delim) {
				return Layout{Said: fmt.Sprintf("its cells are parted by %q", delim), Drawn: true, Written: string(delim),
					start: always(func(out, line []byte, _ bool) ([]byte, bool) { return replaced(out, line, delim), false })}, true
			}
		}
	}
	return Layout{}, false
}

// runs are what could be delimiters in a line: signs that follow each other, and single ones that are unusual.
func runs(line []byte) [][]byte {
	var all [][]byte
	for i := 0; i < len(line); {
		end := i
		for end < len(line) {
			r, n := utf8.DecodeRune(line[end:])
			if !parts(r) {
				break
			}
			end += n
		}
		if r, n := utf8.DecodeRune(line[i:]); end == i && strings.ContainsRune(oddLetters, r) {
			all = append(all, line[i:i+n])
		}
		if run := line[i:end]; len(run) > 1 || len(run) == 1 && run[0] < ' ' && run[0] != '\t' {
			all = append(all, run)
		}
		_, n := utf8.DecodeRune(line[end:])
		i = end + max(n, 1)
	}
	return all
}

// oddLetters are letters of few languages that programs take for delimiters, as they are rare.
const oddLetters = "þÞ"

// parts says whether a character may be part of a delimiter rather than of a name.
func parts(r rune) bool {
	switch {
	case strings.ContainsRune("_-.\"'()[]", r), r == utf8.RuneError:
		return false
	case r == '\t', unicode.IsControl(r):
		return true
	}
	return unicode.IsPunct(r) || unicode.IsSymbol(r)
}

// unusual says whether a delimiter is none by chance, where the names are not known: one character again and
// again, or signs of which none is a delimiter elsewhere or stands in text.
func unusual(delim []byte) bool {
	r, n := utf8.DecodeRune(delim)
	if n == len(delim) {
		return r < ' ' || bytes.ContainsRune([]byte("，；、｜¦§¶¤¬│║¡·"), r)
	}
	same := bytes.Count(delim, delim[:n])*n == len(delim)
	marked := len(bytes.Trim(delim, ",;\t|/~^@")) == 0 // a delimiter, and a sign beside each
	return same || bytes.ContainsAny(delim, ",;\t|") == marked && !bytes.Contains(delim, []byte("://"))
}

// regular says whether nearly all lines have as many pieces as the names.
func regular(lines [][]byte, delim []byte, width int) bool {
	fit := 0
	for _, line := range lines {
		if bytes.Count(line, delim) == width-1 {
			fit++
		}
	}
	return fit*10 >= len(lines)*9
}

// noOther says that no usual delimiter is in all lines as often, once this one is taken out.
func noOther(lines [][]byte, delim []byte) bool {
	for _, usual := range []byte(",;\t|") {
		first := -1
		for _, line := range lines {
			n := bytes.Count(bytes.ReplaceAll(line, delim, nil), []byte{usual})
			if first < 0 {
				first = n
			}
			if n != first {
				first = 0
				break
			}
		}
		if first > 0 {
			return false
		}
	}
	return true
}

// replaced writes Delim for the delimiter of a line, but not in quotes.
func replaced(out, line, delim []byte) []byte {
	for at := 0; ; {
		if at < len(line) && line[at] == '"' {
			if k := closing(line, at, delim); k > 0 {
				out, at = append(out, line[at:k]...), k
			}
		}
		k := bytes.Index(line[at:], delim)
		if k < 0 {
			return append(out, line[at:]...)
		}
		out = append(append(out, line[at:at+k]...), Delim)
		at += k + len(delim)
	}
}

// closing is where a quoted cell ends, 0 if it does not within its line.
func closing(line []byte, open int, delim []byte) int {
	for i := open + 1; i < len(line); i++ {
		if line[i] == '"' && (i+1 == len(line) || bytes.HasPrefix(line[i+1:], delim)) {
			return i + 1
		}
	}
	return 0
}
