package source

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// wideCoding tells UTF-16 without a mark: its delimiters, line ends and names of columns are of ASCII, each with a NUL
// byte on the same side, and what it says then is text.
func wideCoding(sample []byte) string {
	head := sample[:min(len(sample), 4096)&^1]
	var nuls [2]int // at even and at odd places
	for i, c := range head {
		if c == 0 {
			nuls[i%2]++
		}
	}
	for side, name := range []string{codingUTF16BE, codingUTF16LE} {
		if nuls[side] > 1 && nuls[side]*14 > len(head) && nuls[1-side]*20 <= nuls[side] && isText(head, name) {
			return name
		}
	}
	return ""
}

// unseen are characters of text that nobody sees.
const unseen = "\t\r\n\x1f\u0085\u200b\u200e\u200f\ufeff"

// isText says whether bytes are text in an encoding: hardly anything but characters that one prints.
func isText(raw []byte, name string) bool {
	e, err := named(name)
	if err != nil {
		return false
	}
	text, err := e.NewDecoder().String(string(raw))
	odd, n := 0, 0
	for _, r := range text {
		n++
		if r == utf8.RuneError || !unicode.IsGraphic(r) && !strings.ContainsRune(unseen, r) {
			odd++
		}
	}
	return err == nil && odd*20 <= n
}

// escapedCoding tells an encoding of Japanese that is written in ASCII, between escapes.
func escapedCoding(sample []byte) string {
	for _, escape := range []string{"\x1b$B", "\x1b$@", "\x1b(J"} {
		if bytes.Contains(sample, []byte(escape)) && isText(sample, "iso-2022-jp") {
			return "iso-2022-jp"
		}
	}
	return ""
}

// twice says whether most of what is above ASCII looks as if UTF-8 had been taken for an encoding of one byte a letter
// and been encoded once more.
func twice(sample []byte) bool {
	for _, table := range []*charmap.Charmap{charmap.Windows1252, charmap.Windows1250, charmap.Macintosh,
		charmap.CodePage850} {
		again, others := 0, 0
		for _, word := range strings.FieldsFunc(string(bytes.ToValidUTF8(sample, nil)), isASCII) {
			if raw, ok := onceLess(word, table); ok && utf8.Valid(raw) && utf8.RuneCount(raw) < len(raw) {
				again++
			} else {
				others++
			}
		}
		if again >= 2 && again > 4*others {
			return true
		}
	}
	return false
}

func isASCII(r rune) bool { return r < utf8.RuneSelf }

// onceLess is a text in an encoding of one byte a letter; what that lacks stands for itself, as decoders have it.
func onceLess(text string, table *charmap.Charmap) (raw []byte, ok bool) {
	for _, r := range text {
		c, ok := table.EncodeRune(r)
		if !ok && r > 0xff {
			return nil, false
		} else if !ok {
			c = byte(r)
		}
		raw = append(raw, c)
	}
	return raw, true
}

// undelimited puts a comma for a sign above ASCII that parts the cells of all lines: it says nothing of letters.
func undelimited(sample []byte) []byte {
	lines := bytes.FieldsFunc(sample[:min(len(sample), 64<<10)],
		func(r rune) bool { return r == '\n' || r == '\r' })
	if len(lines) > 2 {
		lines = lines[:len(lines)-1] // which may be cut off
	}
	for _, c := range []byte("\xa7\xa6\xfe\xac\xb6\xa4\xb7") { // § ¦ þ ¬ ¶ ¤ ·
		if len(lines) < 2 {
			break
		}
		n := bytes.Count(lines[0], []byte{c})
		if n > 0 && !slices.ContainsFunc(lines, func(l []byte) bool { return bytes.Count(l, []byte{c}) != n }) {
			return bytes.ReplaceAll(sample, []byte{c}, []byte{','})
		}
	}
	return sample
}

// ideographs are the encodings of East Asia in which a sample holds nothing above ASCII but their letters, and these
// beside no letter of ASCII: a few names in them are too little for the library.
func ideographs(sample []byte) (all []string) {
	for _, name := range []string{"shift_jis", "euc-kr", "big5", "gb18030"} {
		e, err := named(name)
		if err != nil || !decodes(sample, name) {
			continue
		}
		text, err := e.NewDecoder().String(string(sample))
		before, fits := ' ', err == nil
		for _, r := range text {
			wide := unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
			plain := r < utf8.RuneSelf && unicode.IsLetter(r)
			was := unicode.In(before, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
			if r >= utf8.RuneSelf && (!wide || r >= 0xff61 && r <= 0xff9f) && !unicode.IsPunct(r) ||
				wide && before < utf8.RuneSelf && unicode.IsLetter(before) || plain && was {
				fits = false
				break
			}
			before = r
		}
		if fits {
			all = append(all, name)
		}
	}
	return all
}
