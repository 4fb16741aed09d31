package functions

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

var inBrackets = regexp.MustCompile(`\s*(?:\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\})\s*`)

// nickname is a word in quotes beside a name; department what stands behind a dash and is nobody's name.
var (
	nickname   = regexp.MustCompile(`(^|\s)["“„'‘’«][^"“”„'‘’«»]+["”“'’‘»](\s|$)`)
	department = regexp.MustCompile(`(?i)\s+[-–—|]\s+(?:sales|marketing|support|accounts?|accounting|finance|hr|it|` +
		`admin|office|info|service|reception|logistics|purchasing|procurement|team|vip|work|home|private|personal|` +
		`new|old|duplicate|copy|test)$`)
	looseDash = regexp.MustCompile(`(\p{L})\s+[-–—]\s+(\p{L})`)
)

// tidyName takes away what is no part of a name: entities of a web page, signs nobody sees, emoji, words in brackets.
func tidyName(text string) string {
	if unscramble(text) != "" {
		return strings.TrimSpace(text) // a check shows it, as it is
	}
	text = html.UnescapeString(text)
	text = norm.NFC.String(strings.Map(visible, text))
	text = strings.Map(func(r rune) rune {
		if (r > 0x2000 && unicode.In(r, unicode.So, unicode.Sk)) || r == '\ufe0f' || (r >= 0x1f3fb && r <= 0x1f3ff) {
			return -1
		}
		return r
	}, text)
	for _, aside := range []*regexp.Regexp{inBrackets, nickname, department} {
		if outside := strings.TrimSpace(aside.ReplaceAllString(text, " ")); outside != "" {
			text = outside
		}
	}
	text = looseDash.ReplaceAllString(text, "$1-$2")
	return strings.Trim(strings.Join(strings.Fields(text), " "), " ,;\"“”„«»")
}

// unscramble gives what a text said before its UTF-8 was taken for Windows-1252, "" where it was not.
func unscramble(text string) string {
	if !strings.ContainsAny(text, "ÃÂÅÄâÎÏÐÑ") {
		return ""
	}
	raw, err := charmap.Windows1252.NewEncoder().String(text)
	if err != nil {
		if raw, err = charmap.ISO8859_1.NewEncoder().String(text); err != nil {
			return ""
		}
	}
	if !utf8.ValidString(raw) || raw == text {
		return ""
	}
	return raw
}

// sortedLetters are the letters of a text in their order: what was typed in another order has the same. DuckDB says it
// with a list, which it sorts as it would a table, at seven times the cost.
func sortedLetters(text string) string {
	letters := []rune(text)
	slices.Sort(letters)
	return string(letters)
}

// Turkish has letters whose small and capital forms no other language shares.
var turkish = regexp.MustCompile(`[İıĞğŞş]`)

// smaller is a text in small letters: a Greek sigma at the end of a word has a form of its own.
func smaller(text string) string {
	if turkish.MatchString(text) {
		return cases.Lower(language.Turkish).String(text)
	}
	return cases.Lower(language.Und).String(text)
}

// capital is a letter at the beginning of a name.
func capital(r rune, isTurkish bool) rune {
	if isTurkish {
		return unicode.TurkishCase.ToTitle(r)
	}
	return unicode.ToTitle(r)
}

// particles stay small inside a name that is written again.
var particles = map[string]bool{
	"van": true, "von": true, "der": true, "den": true, "de": true, "del": true, "della": true, "di": true, "da": true, "dos": true,
	"das": true, "do": true, "du": true, "la": true, "le": true, "el": true, "al": true, "bin": true, "ibn": true, "ter": true,
	"ten": true, "af": true, "av": true, "zu": true, "zum": true, "zur": true, "y": true, "e": true, "und": true, "of": true, "bint": true, "dei": true, "degli": true, "los": true, "las": true,
}

// elided are words that lose their last letter before a name: Dell'Orto, Sant'Anna.
var elided = map[string]bool{"dell": true, "dall": true, "nell": true, "all": true, "sant": true, "quell": true}

// numerals are generations, not words.
var numerals = map[string]bool{"ii": true, "iii": true, "iv": true, "vi": true, "vii": true, "viii": true}

// nameCase repairs the case of a name only where it is all upper or all lower; a name somebody
// wrote with care, any script without case, and emoji are left as they are.
func nameCase(name string) string {
	if strings.Contains(name, "@") {
		return name // an address: a check tells it
	}
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
		words[i] = wordCase(w, upper > 0, i < len(words)-1, turkish.MatchString(name))
	}
	return strings.Join(words, " ")
}

// wordCase writes one word; a particle stays small when more of the name follows.
func wordCase(w string, wasUpper, followed, isTurkish bool) string {
	small := smaller(w)
	if isTurkish {
		small = cases.Lower(language.Turkish).String(w)
	}
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
			b.WriteRune(capital(r, isTurkish))
			start = false
			continue
		}
		b.WriteRune(r)
		if r == '-' || r == '.' || ((r == '\'' || r == '’') && (i <= 2 || elided[small[:i]])) {
			start = true
		}
	}
	out := b.String()
	if rest, ok := strings.CutPrefix(out, "Mc"); ok && len(rest) > 2 {
		out = "Mc" + strings.ToUpper(rest[:1]) + rest[1:]
	}
	return out
}
