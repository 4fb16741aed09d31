package jsontext

import "ferry/extract/records"

// Cut gives the records of a whole text.
func Cut(text []byte, split records.Splitter) (all [][]byte) {
	for at := 0; at < len(text); {
		s, ok := split.Span(text[at:], true)
		if !ok || s.Next == 0 {
			break
		}
		if s.End > s.Start {
			all = append(all, text[at+s.Start:at+s.End])
		}
		at += s.Next
	}
	return all
}

// CellText is a value as a cell holds it: a string without its quotes, null as nothing, all else as it stands.
func CellText(value []byte) string {
	switch {
	case len(value) > 1 && value[0] == '"':
		text, _ := DecodeString(value[1:len(value)-1], nil)
		return string(text)
	case string(value) == "null":
		return ""
	}
	return string(value)
}
