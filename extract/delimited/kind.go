package delimited

import "bytes"

// kind is the look of a cell. It serves to tell headers from data and to see whether a repaired
// record fits its columns; it never changes a value.
type kind uint8

const (
	kindEmpty kind = iota
	kindNumber
	kindTime
	kindMail
	kindURL
	kindFlag
	kindJSON
	kindToken // one word: an id, a name
	kindText  // several words
	kinds
)

// look says what a cell looks like.
func look(text []byte) kind {
	text = bytes.TrimSpace(text)
	if len(text) == 0 {
		return kindEmpty
	}
	var digits, letters, spaces, marks, at, others int
	for _, c := range text {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c == '@':
			at++
		case c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80:
			letters++
		case c == ' ':
			spaces++
		case c == '.' || c == '-' || c == '/' || c == ':' || c == '+' || c == ',' || c == '%' || c == '$' || c == '_':
			marks++
		default:
			others++
		}
	}
	switch first := text[0]; {
	case (first == '{' || first == '[') && len(text) > 1:
		return kindJSON
	case digits > 0 && letters == 0 && others == 0 && at == 0 && spaces == 0 && !bytes.ContainsAny(text, ":/") &&
		bytes.Count(text, []byte("-")) < 2:
		return kindNumber
	case digits >= 4 && letters <= 2 && others == 0 && at == 0 && marks >= 1 && spaces <= 2 &&
		bytes.ContainsAny(text, ":-/."):
		return kindTime
	case at == 1 && spaces == 0 && bytes.IndexByte(text[bytes.IndexByte(text, '@'):], '.') > 0:
		return kindMail
	case bytes.HasPrefix(text, []byte("http://")) || bytes.HasPrefix(text, []byte("https://")):
		return kindURL
	case isFlag(text):
		return kindFlag
	case spaces == 0:
		return kindToken
	}
	return kindText
}

func isFlag(text []byte) bool {
	for _, f := range []string{"true", "false", "yes", "no", "TRUE", "FALSE", "True", "False"} {
		if string(text) == f {
			return true
		}
	}
	return false
}
