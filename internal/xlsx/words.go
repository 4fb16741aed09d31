package xlsx

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// appendText appends a text as it was written: entities replaced, line ends made one.
func appendText(to, raw []byte, isPlain bool) ([]byte, error) {
	for len(raw) > 0 {
		i := bytes.IndexAny(raw, "&\r")
		if i < 0 {
			i = len(raw)
		}
		if !utf8.Valid(raw[:i]) {
			return to, errors.New("a part of it is not in UTF-8")
		}
		to = append(to, raw[:i]...)
		if raw = raw[i:]; len(raw) == 0 {
			break
		}
		if raw[0] == '\r' {
			to = append(to, '\n')
			raw = bytes.TrimPrefix(raw[1:], []byte("\n"))
			continue
		}
		if isPlain {
			to, raw = append(to, '&'), raw[1:]
			continue
		}
		end := bytes.IndexByte(raw[:min(len(raw), 12)], ';')
		if end < 0 {
			return to, errors.New("a part of it holds an & that means nothing")
		}
		r, ok := entity(string(raw[1:end]))
		if !ok {
			return to, fmt.Errorf("a part of it holds the unknown character “%s”", shown(raw[:end+1]))
		}
		to = utf8.AppendRune(to, r)
		raw = raw[end+1:]
	}
	return to, nil
}

// entity is the character that a name between & and ; stands for.
func entity(name string) (rune, bool) {
	switch name {
	case "amp":
		return '&', true
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	digits, isNumber := strings.CutPrefix(name, "#")
	if !isNumber {
		return 0, false
	}
	base := 10
	if hex, isHex := strings.CutPrefix(digits, "x"); isHex {
		digits, base = hex, 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	return rune(n), err == nil && n <= utf8.MaxRune && utf8.ValidRune(rune(n)) && n != 0
}
