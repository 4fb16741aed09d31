package jsontext

import (
	"unicode/utf16"
	"unicode/utf8"
)

// DecodeString gives the text of a string with escapes, written between quotes, in an arena.
func DecodeString(raw, arena []byte) (text, arenaAfter []byte) {
	start := len(arena)
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		if c != '\\' {
			arena = append(arena, c)
			continue
		}
		i++
		switch raw[i] {
		case 'n':
			arena = append(arena, '\n')
		case 't':
			arena = append(arena, '\t')
		case 'r':
			arena = append(arena, '\r')
		case 'b':
			arena = append(arena, '\b')
		case 'f':
			arena = append(arena, '\f')
		case 'u':
			r, used := decodeUnicode(raw[i-1:])
			arena = utf8.AppendRune(arena, r)
			i += used - 2
		default:
			arena = append(arena, raw[i])
		}
	}
	return arena[start:len(arena):len(arena)], arena
}

// decodeUnicode reads \uXXXX, or two of them where they make one character.
func decodeUnicode(text []byte) (rune, int) {
	r, _ := hex4(text[2:])
	if utf16.IsSurrogate(r) && len(text) >= 12 && text[6] == '\\' && text[7] == 'u' {
		if low, ok := hex4(text[8:]); ok {
			if both := utf16.DecodeRune(r, low); both != utf8.RuneError {
				return both, 12
			}
		}
	}
	return r, 6
}

func hex4(text []byte) (rune, bool) {
	if len(text) < 4 {
		return 0, false
	}
	var r rune
	for _, c := range text[:4] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}
