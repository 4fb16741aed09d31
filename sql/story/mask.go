package story

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"unicode"
)

// Mask writes personal data otherwise and keeps what rules look at: how long a text is, its signs and capitals, the
// first figures of a number, a year. The same word has the same mask wherever it stands, so that what was equal stays
// equal; and an initial stays the initial of its name.
type Mask struct {
	key     []byte
	nothing map[string]bool   // what says that something is not known stays
	common  map[string]bool   // what many have stays, where it is no name, number or address
	words   map[string]string // by the word in small letters
	taken   map[string]bool
}

// NewMask makes a mask that nobody can undo who has not the key. Texts that say nothing and texts that many have, in
// small letters, stay as they are.
func NewMask(key []byte, nothing, common map[string]bool) *Mask {
	return &Mask{key: key, nothing: nothing, common: common, words: map[string]string{}, taken: map[string]bool{}}
}

var (
	wordPattern   = regexp.MustCompile(`[\p{L}\p{M}]+|\p{Nd}+`)
	dayPattern    = regexp.MustCompile(`^\s*\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ,].*)?$`)
	phonePattern  = regexp.MustCompile(`^[\s\d+().'/-]*$`)
	amountPattern = regexp.MustCompile(`^\s*-?(?:\d{1,4}|\d{1,6}[.,]\d{1,4})\s*$`)
)

// Text masks an identifier, a name, an address, a number or a sentence.
func (m *Mask) Text(s string) string {
	local, domain, isAddress := strings.Cut(s, "@")
	switch {
	case m.nothing[strings.ToLower(strings.TrimSpace(s))]:
		return s
	case isAddress && !strings.Contains(domain, "@"):
		return m.Text(local) + "@" + m.domain(domain)
	case dayPattern.MatchString(s):
		return m.day(s)
	case phonePattern.MatchString(s) && countDigits(s) >= 7:
		return m.number(s)
	}
	return wordPattern.ReplaceAllStringFunc(s, m.word)
}

// Value masks what stands under a name that ferry does not know: amounts stay, and of JSON the names.
func (m *Mask) Value(s string) string {
	if amountPattern.MatchString(s) || m.common[strings.ToLower(s)] {
		return s
	}
	var held any
	read := json.NewDecoder(strings.NewReader(s))
	read.UseNumber()
	isNested := strings.HasPrefix(strings.TrimSpace(s), "{") || strings.HasPrefix(strings.TrimSpace(s), "[")
	if isNested && read.Decode(&held) == nil && !read.More() {
		text, _ := json.Marshal(m.inside(held)) // what was read can be written
		return string(text)
	}
	return m.Text(s)
}

func (m *Mask) inside(held any) any {
	switch v := held.(type) {
	case map[string]any:
		for name := range v {
			v[name] = m.inside(v[name])
		}
	case []any:
		for i := range v {
			v[i] = m.inside(v[i])
		}
	case string:
		return m.Value(v)
	case json.Number:
		return json.Number(m.Value(v.String()))
	}
	return held
}

// domain keeps a common domain whole and of another its last part.
func (m *Mask) domain(s string) string {
	if m.common[strings.ToLower(s)] {
		return s
	}
	at := strings.LastIndex(s, ".")
	if at < 0 {
		at = len(s)
	}
	return wordPattern.ReplaceAllStringFunc(s[:at], m.word) + s[at:]
}

// day keeps the year but for its last figure; day and month become such as are both.
func (m *Mask) day(s string) string {
	left := 3
	return wordPattern.ReplaceAllStringFunc(s, func(part string) string {
		if left--; left < 0 {
			return part
		}
		h := m.hash("day", part)[0]
		switch len(part) {
		case 1:
			return string('1' + h%9)
		case 2:
			return fmt.Sprintf("%02d", 1+h%12)
		default:
			return part[:len(part)-1] + string('0'+h%10)
		}
	})
}

// hiddenFigures are the last figures of a number: with and without its country's prefix they are the same.
const hiddenFigures = 5

func (m *Mask) number(s string) string {
	var figures []byte
	for _, r := range s {
		if r >= '0' && r <= '9' {
			figures = append(figures, byte(r))
		}
	}
	h := m.hash("number", string(figures[len(figures)-7:]))
	out, n := []byte(s), 0
	for i := len(out) - 1; i >= 0 && n < hiddenFigures; i-- {
		if out[i] >= '0' && out[i] <= '9' {
			out[i] = '0' + h[n]%10
			n++
		}
	}
	return string(out)
}

// word masks one word, or one row of figures, in the capitals it is written in.
func (m *Mask) word(s string) string {
	small := strings.ToLower(s)
	if len([]rune(small)) != len([]rune(s)) {
		small = s // a letter whose other case is longer
	}
	masked, known := m.words[small]
	for try := byte(0); !known && try < 100; try++ { // a short word has few masks: at last two may share one
		masked = m.letters(small, try)
		known = masked != small && !m.taken[masked]
	}
	m.words[small], m.taken[masked] = masked, true
	out, as := []rune(masked), []rune(s)
	for i := range out {
		if unicode.IsUpper(as[i]) {
			out[i] = unicode.ToUpper(out[i])
		}
	}
	return string(out)
}

// letters gives each letter another of its kind. The first depends on nothing else, so that initials stay initials.
func (m *Mask) letters(small string, try byte) string {
	h := m.hash("word", small+string(rune('a'+try)))
	out := []rune(small)
	for i, r := range out {
		with := h[i%len(h)]
		if i == 0 && !unicode.IsDigit(r) {
			with = m.hash("initial", string(r))[0]
		}
		out[i] = another(r, with, i == 0)
	}
	return string(out)
}

const vowels, consonants = "aeiou", "bcdfghjklmnprstvwz"

// another is a letter or figure of the same kind; no number begins with a nought that did not.
func another(r rune, with byte, isFirst bool) rune {
	switch {
	case r == '0' && isFirst, unicode.IsMark(r):
		return r
	case r >= '0' && r <= '9' && isFirst:
		return '1' + rune(with%9)
	case unicode.IsDigit(r):
		return r - rune(digitOf(r)) + rune(with%10)
	case strings.ContainsRune(vowels, r):
		return rune(vowels[int(with)%len(vowels)])
	case r < unicode.MaxASCII:
		return rune(consonants[int(with)%len(consonants)])
	}
	for n := range rune(16) { // a letter near it in its alphabet
		near := r&^0xf | (rune(with)+n)&0xf
		isLike := unicode.IsLetter(near) && unicode.IsUpper(near) == unicode.IsUpper(r)
		if near != r && isLike && unicode.ToUpper(near) != near {
			return near
		}
	}
	return r&^0xf | (r+1)&0xf
}

// digitOf is the value of a figure in any script: their figures stand in tens from nought.
func digitOf(r rune) int {
	n := 0
	for unicode.IsDigit(r-1) && n < 9 {
		r--
		n++
	}
	return n
}

func (m *Mask) hash(what, text string) []byte {
	h := hmac.New(sha256.New, m.key)
	h.Write([]byte(what + "\x00" + text))
	return h.Sum(nil)
}

func countDigits(s string) (n int) {
	for _, r := range s {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

// timePattern is how times begin.
var timePattern = regexp.MustCompile(`^\s*(?:\d{4}-\d{2}-\d{2}|\d{1,2}[/.]\d{1,2}[/.]\d{4}|1\d{9}(?:\d{3})?\s*$)`)

// LooksPersonal says of a text where none is awaited that it may be an address or a number.
func LooksPersonal(s string) bool {
	return strings.Contains(s, "@") || countDigits(s) >= 7 && !timePattern.MatchString(s)
}

// Words are the words and rows of figures of a text, in small letters.
func Words(s string) []string { return wordPattern.FindAllString(strings.ToLower(s), -1) }
