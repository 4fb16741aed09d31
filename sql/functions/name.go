package functions

import (
	"strings"
	"unicode"
)

// particles stay small inside a name that is written again.
var particles = map[string]bool{
	"van": true, "von": true, "der": true, "den": true, "de": true, "del": true, "della": true, "di": true, "da": true, "dos": true,
	"das": true, "do": true, "du": true, "la": true, "le": true, "el": true, "al": true, "bin": true, "ibn": true, "ter": true,
	"ten": true, "af": true, "av": true, "zu": true, "zum": true, "zur": true, "y": true, "e": true, "und": true, "of": true,
}

// numerals are generations, not words.
var numerals = map[string]bool{"ii": true, "iii": true, "iv": true, "vi": true, "vii": true, "viii": true}

// nameCase repairs the case of a name only where it is all upper or all lower; a name somebody
// wrote with care, any script without case, and emoji are left as they are.
func nameCase(name string) string {
	upper, lower, total := 0, 0, 0
	for _, r := range name {
		switch {
		case unicode.IsUpper(r):
			upper++
			total++
		case unicode.IsLower(r):
			lower++
			total++
		case unicode.IsLetter(r):
			return name
		}
	}
	if total == 0 || (upper > 0 && lower > 0) {
		return name
	}
	words := strings.Split(name, " ")
	for i, w := range words {
		words[i] = wordCase(w, upper > 0, i < len(words)-1)
	}
	return strings.Join(words, " ")
}

// wordCase writes one word; a particle stays small when more of the name follows.
func wordCase(w string, wasUpper, followed bool) string {
	small := strings.ToLower(w)
	switch {
	case particles[small] && followed:
		return small
	case numerals[small]:
		return strings.ToUpper(w)
	case wasUpper && len([]rune(w)) == 2 && !strings.ContainsAny(small, "aeiouy"):
		return w // JP, TJ: initials run together
	}
	var b strings.Builder
	start := true
	for i, r := range small {
		if start && unicode.IsLetter(r) {
			b.WriteRune(unicode.ToTitle(r))
			start = false
			continue
		}
		b.WriteRune(r)
		if r == '-' || r == '.' || ((r == '\'' || r == '’') && i <= 2) {
			start = true
		}
	}
	out := b.String()
	if rest, ok := strings.CutPrefix(out, "Mc"); ok && len(rest) > 2 {
		out = "Mc" + strings.ToUpper(rest[:1]) + rest[1:]
	}
	return out
}
