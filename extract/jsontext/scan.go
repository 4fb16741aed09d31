// Package jsontext splits JSON text into objects and these into members, checking all of it and keeping
// each value exactly as it was written. It knows nothing of entities, Parquet or files. Start at Members
// for one object, at Lines and Objects for where objects end in a stream, at AreLines for which of the
// two a text is.
package jsontext

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math/bits"
)

// Limits of one JSON record.
const maxDepth = 64

var (
	errDepth  = errors.New("the JSON is nested too deeply")
	errSyntax = errors.New("this is not valid JSON")
	errObject = errors.New("this is JSON, but not an object")
	errCut    = errors.New("the JSON ends in the middle")
)

// Member is one key of an object with its value exactly as written, and where both stand in the text.
type Member struct {
	name, Value []byte // as written, with the quotes
	Key         []byte
	Start, End  int
	Escaped     bool // the value is a string with escapes in it
	Again       bool // the record before had the same key at this place
}

// Members splits the text of a JSON object into its keys and raw values, checking all of it. Keys with
// escapes are decoded into arena. Before is the record before, or nil: where it had the same key at the
// same place, the key need not be read again.
func Members(text []byte, into, before []Member, arena []byte) ([]Member, []byte, error) {
	i := SkipSpace(text, 0)
	if i == len(text) {
		return into, arena, errCut
	}
	if text[i] != '{' {
		if end, err := jsonValue(text, i, 1); err == nil && SkipSpace(text, end) == len(text) {
			return into, arena, errObject
		}
		return into, arena, errSyntax
	}
	i = SkipSpace(text, i+1)
	if i < len(text) && text[i] == '}' {
		return into, arena, atEnd(text, i+1)
	}
	for {
		m := Member{Start: i}
		var err error
		if n := len(into); n < len(before) && bytes.HasPrefix(text[i:], before[n].name) {
			m.name, m.Key, m.Again = before[n].name, before[n].Key, true
		} else if m.name, m.Key, arena, err = jsonKey(text, i, arena); err != nil {
			return into, arena, err
		}
		i = SkipSpace(text, i+len(m.name))
		if i >= len(text) {
			return into, arena, errCut
		}
		if text[i] != ':' {
			return into, arena, errSyntax
		}
		i = SkipSpace(text, i+1)
		if i < len(text) && text[i] == '"' {
			m.End, m.Escaped, err = jsonString(text, i)
		} else {
			m.End, err = jsonValue(text, i, 1)
		}
		if err != nil {
			return into, arena, err
		}
		m.Value = text[i:m.End]
		into = append(into, m)
		i = SkipSpace(text, m.End)
		if i >= len(text) {
			return into, arena, errCut
		}
		if text[i] == '}' {
			return into, arena, atEnd(text, i+1)
		}
		if text[i] != ',' {
			return into, arena, errSyntax
		}
		i = SkipSpace(text, i+1)
	}
}

// jsonKey reads the key that starts at i.
func jsonKey(text []byte, i int, arena []byte) (name, key, arenaAfter []byte, err error) {
	end, escaped, err := jsonString(text, i)
	if err != nil {
		return nil, nil, arena, err
	}
	name = text[i:end]
	if key = name[1 : len(name)-1]; escaped {
		key, arena = DecodeString(key, arena)
	}
	return name, key, arena, nil
}

func atEnd(text []byte, i int) error {
	if SkipSpace(text, i) != len(text) {
		return errSyntax
	}
	return nil
}

func SkipSpace(text []byte, i int) int {
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
		end, _, err := jsonString(text, i)
		return end, err
	case c == '{':
		return jsonContainer(text, i, depth, '}')
	case c == '[':
		return jsonContainer(text, i, depth, ']')
	case c == '-' && i+1 < len(text) && text[i+1] == 'I':
		return jsonWord(text, i, "-Infinity")
	case c == '-' || c >= '0' && c <= '9':
		return jsonNumber(text, i)
	case c == 't':
		return jsonWord(text, i, "true")
	case c == 'f':
		return jsonWord(text, i, "false")
	case c == 'n':
		return jsonWord(text, i, "null")
	case c == 'N':
		return jsonWord(text, i, "NaN")
	case c == 'I':
		return jsonWord(text, i, "Infinity")
	}
	return i, errSyntax
}

func jsonContainer(text []byte, i, depth int, close byte) (int, error) {
	i = SkipSpace(text, i+1)
	if i < len(text) && text[i] == close {
		return i + 1, nil
	}
	for {
		var err error
		if close == '}' {
			if i, _, err = jsonString(text, i); err != nil {
				return i, err
			}
			if i = SkipSpace(text, i); i >= len(text) {
				return i, errCut
			}
			if text[i] != ':' {
				return i, errSyntax
			}
			i = SkipSpace(text, i+1)
		}
		if i, err = jsonValue(text, i, depth+1); err != nil {
			return i, err
		}
		if i = SkipSpace(text, i); i >= len(text) {
			return i, errCut
		}
		if text[i] == close {
			return i + 1, nil
		}
		if text[i] != ',' {
			return i, errSyntax
		}
		i = SkipSpace(text, i+1)
	}
}

// jsonString checks the string that starts at i, gives the position after it and says whether there are
// escapes in it.
func jsonString(text []byte, i int) (end int, escaped bool, err error) {
	if i >= len(text) {
		return i, false, errCut
	}
	if text[i] != '"' {
		return i, false, errSyntax
	}
	for i++; i < len(text); i++ {
		i += plainBytes(text[i:])
		if i == len(text) {
			break
		}
		switch c := text[i]; {
		case c == '"':
			return i + 1, escaped, nil
		case c == '\\':
			escaped = true
			if i, err = jsonEscape(text, i+1); err != nil {
				return i, escaped, err
			}
		case c < 0x20:
			return i, escaped, errSyntax
		}
	}
	return i, escaped, errCut
}

// jsonEscape checks what follows a backslash and gives the position of its last byte.
func jsonEscape(text []byte, i int) (int, error) {
	if i >= len(text) {
		return i, errCut
	}
	switch text[i] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i, nil
	case 'u':
		if i+4 >= len(text) {
			return len(text), errCut
		}
		if _, ok := hex4(text[i+1:]); !ok {
			return i, errSyntax
		}
		return i + 4, nil
	}
	return i, errSyntax
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
