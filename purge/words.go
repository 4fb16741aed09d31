package purge

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// replaceWord replaces a text where it stands alone: Ann in "Ann, Bob", not in Annabel.
func replaceWord(s, word string) string {
	if len(word) > len(s) {
		return s
	}
	lower, from := strings.ToLower(s), 0
	if len(lower) != len(s) { // a letter whose other case is longer: compare as it is
		lower = s
	}
	find := strings.ToLower(word)
	var b strings.Builder
	for {
		at := strings.Index(lower[from:], find)
		if at < 0 {
			break
		}
		at += from
		end := at + len(find)
		if isEdge(s, at) && isEdge(s, end) {
			b.WriteString(s[from:at] + Removed)
		} else {
			b.WriteString(s[from:end])
		}
		from = end
	}
	if b.Len() == 0 {
		return s
	}
	return b.String() + s[from:]
}

// isEdge says whether a word may end at this place.
func isEdge(s string, at int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:at])
	after, _ := utf8.DecodeRuneInString(s[at:])
	part := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	return !part(before) || !part(after)
}
