package jsontext

import "bytes"

// odd are texts that may stand in what some programs write as JSON: numbers that are none, and a character
// that no database takes.
var odd = [][]byte{[]byte("NaN"), []byte("Infinity"), []byte(`\u0000`)}

// Odd says whether Plain might change something in a text.
func Odd(text []byte) bool {
	for _, o := range odd {
		if bytes.Contains(text, o) {
			return true
		}
	}
	return false
}

// Plain rewrites a JSON text without what is odd about it: NaN and Infinity are null, and NUL characters in
// strings are left out. It answers how many of those there were.
func Plain(text []byte) (out []byte, nuls int) {
	out = make([]byte, 0, len(text))
	inside := false
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case inside && c == '\\':
			if bytes.HasPrefix(text[i:], odd[2]) {
				i += len(odd[2]) - 1
				nuls++
				continue
			}
			out = append(out, c)
			if i++; i < len(text) {
				out = append(out, text[i])
			}
			continue
		case c == '"':
			inside = !inside
		case !inside && (c == 'N' || c == 'I' || c == '-'):
			if n := oddNumber(text[i:]); n > 0 {
				out = append(out, "null"...)
				i += n - 1
				continue
			}
		}
		out = append(out, c)
	}
	return out, nuls
}

func oddNumber(text []byte) int {
	for _, word := range []string{"NaN", "Infinity", "-Infinity"} {
		if bytes.HasPrefix(text, []byte(word)) {
			return len(word)
		}
	}
	return 0
}

// Broken says where a text ceases to be JSON, counted from 1, and why; line 0: nowhere. Values that follow
// each other, with or without commas, are JSON here. A text that is only the beginning of one is not broken
// where it ends.
func Broken(text []byte, whole bool) (line, column int, why string) {
	for i := 0; ; {
		for i < len(text) && (text[i] <= ' ' || text[i] == ',') {
			i++
		}
		if i == len(text) {
			return 0, 0, ""
		}
		end, err := jsonValue(text, i, 1)
		if err == nil {
			i = end
			continue
		}
		if err == errCut && !whole {
			return 0, 0, ""
		}
		end = min(end, len(text))
		line = bytes.Count(text[:end], []byte{'\n'}) + 1
		return line, end - bytes.LastIndexByte(text[:end], '\n'), err.Error()
	}
}
