package jsontext

// AppendMember adds `"key":"text"` to the object that begins at start.
func AppendMember(out []byte, start int, key, text []byte) []byte {
	return AppendText(AppendKey(out, start, key), text)
}

func AppendKey(out []byte, start int, key []byte) []byte {
	if len(out) == start {
		out = append(out, '{')
	} else {
		out = append(out, ',')
	}
	return append(out, key...)
}

const hexDigits = "0123456789abcdef"

// AppendText adds a JSON string.
func AppendText(out, text []byte) []byte {
	out = append(out, '"')
	from := 0
	for i, b := range text {
		if b >= 0x20 && b != '"' && b != '\\' {
			continue
		}
		out = append(out, text[from:i]...)
		from = i + 1
		switch b {
		case '"', '\\':
			out = append(out, '\\', b)
		case '\n':
			out = append(out, '\\', 'n')
		case '\r':
			out = append(out, '\\', 'r')
		case '\t':
			out = append(out, '\\', 't')
		default:
			out = append(out, '\\', 'u', '0', '0', hexDigits[b>>4], hexDigits[b&15])
		}
	}
	return append(append(out, text[from:]...), '"')
}
