package extract

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math/bits"
	"unicode/utf16"
	"unicode/utf8"
)

// Limits of one JSON record.
const maxDepth = 64

var (
	errDepth  = errors.New("the JSON is nested too deeply")
	errSyntax = errors.New("this is not valid JSON")
	errObject = errors.New("this is JSON, but not an object")
	errCut    = errors.New("the JSON ends in the middle")
)

// member is one key of an object with its value exactly as written, and both together.
type member struct{ key, value, raw []byte }

// members splits the text of a JSON object into its keys and raw values, checking all of it. Keys with
// escapes are decoded into arena.
func members(text []byte, into []member, arena []byte) ([]member, []byte, error) {
	i := skipSpace(text, 0)
	if i == len(text) {
		return into, arena, errCut
	}
	if text[i] != '{' {
		if end, err := jsonValue(text, i, 1); err == nil && skipSpace(text, end) == len(text) {
			return into, arena, errObject
		}
		return into, arena, errSyntax
	}
	i = skipSpace(text, i+1)
	if i < len(text) && text[i] == '}' {
		return into, arena, atEnd(text, i+1)
	}
	for {
		start := i
		end, err := jsonString(text, i)
		if err != nil {
			return into, arena, err
		}
		key := text[start+1 : end-1]
		key, arena = decodeString(key, arena)
		i = skipSpace(text, end)
		if i >= len(text) {
			return into, arena, errCut
		}
		if text[i] != ':' {
			return into, arena, errSyntax
		}
		i = skipSpace(text, i+1)
		end, err = jsonValue(text, i, 1)
		if err != nil {
			return into, arena, err
		}
		into = append(into, member{key, text[i:end], text[start:end]})
		i = skipSpace(text, end)
		if i >= len(text) {
			return into, arena, errCut
		}
		if text[i] == '}' {
			return into, arena, atEnd(text, i+1)
		}
		if text[i] != ',' {
			return into, arena, errSyntax
		}
		i = skipSpace(text, i+1)
	}
}

func atEnd(text []byte, i int) error {
	if skipSpace(text, i) != len(text) {
		return errSyntax
	}
	return nil
}

func skipSpace(text []byte, i int) int {
	for i < len(text) && (text[i] == ' ' || text[i] == '\t' || text[i] == '\n' || text[i] == '\r') {
		i++
	}
	return i
}

// jsonValue checks the value that starts at i and gives the position after it.
func jsonValue(text []byte, i, depth int) (int, error) {
	if i >= len(text) {
		return i, errCut
	}
	if depth > maxDepth {
		return i, errDepth
	}
	switch c := text[i]; {
	case c == '"':
		return jsonString(text, i)
	case c == '{':
		return jsonContainer(text, i, depth, '}')
	case c == '[':
		return jsonContainer(text, i, depth, ']')
	case c == '-' || c >= '0' && c <= '9':
		return jsonNumber(text, i)
	case c == 't':
		return jsonWord(text, i, "true")
	case c == 'f':
		return jsonWord(text, i, "false")
	case c == 'n':
		return jsonWord(text, i, "null")
	}
	return i, errSyntax
}

func jsonContainer(text []byte, i, depth int, close byte) (int, error) {
	i = skipSpace(text, i+1)
	if i < len(text) && text[i] == close {
		return i + 1, nil
	}
	for {
		var err error
		if close == '}' {
			if i, err = jsonString(text, i); err != nil {
				return i, err
			}
			if i = skipSpace(text, i); i >= len(text) {
				return i, errCut
			}
			if text[i] != ':' {
				return i, errSyntax
			}
			i = skipSpace(text, i+1)
		}
		if i, err = jsonValue(text, i, depth+1); err != nil {
			return i, err
		}
		if i = skipSpace(text, i); i >= len(text) {
			return i, errCut
		}
		if text[i] == close {
			return i + 1, nil
		}
		if text[i] != ',' {
			return i, errSyntax
		}
		i = skipSpace(text, i+1)
	}
}

func jsonString(text []byte, i int) (int, error) {
	if i >= len(text) {
		return i, errCut
	}
	if text[i] != '"' {
		return i, errSyntax
	}
	for i++; i < len(text); i++ {
		i += plainBytes(text[i:])
		if i == len(text) {
			break
		}
		switch c := text[i]; {
		case c == '"':
			return i + 1, nil
		case c == '\\':
			i++
			if i >= len(text) {
				return i, errCut
			}
			switch text[i] {
			case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
			case 'u':
				if i+4 >= len(text) {
					return len(text), errCut
				}
				if _, ok := hex4(text[i+1:]); !ok {
					return i, errSyntax
				}
				i += 4
			default:
				return i, errSyntax
			}
		case c < 0x20:
			return i, errSyntax
		}
	}
	return i, errCut
}

// plainBytes counts the bytes, eight at a time, before the next one that may be a quote, a backslash or a
// control character.
func plainBytes(text []byte) int {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	n := 0
	for ; len(text)-n >= 8; n += 8 {
		v := binary.LittleEndian.Uint64(text[n:])
		quote, slash := v^('"'*ones), v^('\\'*ones)
		special := ((quote - ones) & ^quote) | ((slash - ones) & ^slash) | ((v - 0x20*ones) & ^v)
		if special &= highs; special != 0 {
			return n + bits.TrailingZeros64(special)/8
		}
	}
	return n
}

func jsonNumber(text []byte, i int) (int, error) {
	if text[i] == '-' {
		i++
	}
	digits := func() bool {
		start := i
		for i < len(text) && text[i] >= '0' && text[i] <= '9' {
			i++
		}
		return i > start
	}
	zero := i < len(text) && text[i] == '0'
	start := i
	if !digits() || zero && i > start+1 {
		return i, errSyntax
	}
	if i < len(text) && text[i] == '.' {
		if i++; !digits() {
			return i, errSyntax
		}
	}
	if i < len(text) && (text[i] == 'e' || text[i] == 'E') {
		if i++; i < len(text) && (text[i] == '+' || text[i] == '-') {
			i++
		}
		if !digits() {
			return i, errSyntax
		}
	}
	return i, nil
}

func jsonWord(text []byte, i int, word string) (int, error) {
	if len(text)-i < len(word) && string(text[i:]) == word[:len(text)-i] {
		return len(text), errCut
	}
	if len(text)-i < len(word) || string(text[i:i+len(word)]) != word {
		return i, errSyntax
	}
	return i + len(word), nil
}

// decodeString gives the text of a string written between quotes; only text with escapes needs the arena.
func decodeString(raw, arena []byte) (text, arenaAfter []byte) {
	at := bytes.IndexByte(raw, '\\')
	if at < 0 {
		return raw, arena
	}
	start := len(arena)
	arena = append(arena, raw[:at]...)
	for i := at; i < len(raw); i++ {
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
