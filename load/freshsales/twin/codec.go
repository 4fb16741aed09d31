package twin

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/valyala/fastjson"
)

// A doc is a record's attributes as they are kept: what a client may write, and the few things the
// server adds. What is absent is null.
type doc map[string]any

// object is a JSON object whose members keep their order; raw is JSON already written.
type (
	object []member
	member struct {
		key   string
		value any
	}
	raw string
)

// decode reads one JSON object, numbers kept as they were written.
func decode(body []byte) (doc, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var out doc
	if err := d.Decode(&out); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one JSON value")
	}
	if out == nil {
		return nil, errors.New("not an object")
	}
	return out, nil
}

// parsers read what the twin has written itself, faster than the standard library does.
var parsers fastjson.ParserPool

// decodeStored reads a document out of the log.
func decodeStored(body []byte) (doc, error) {
	p := parsers.Get()
	defer parsers.Put(p)
	v, err := p.ParseBytes(body)
	if err != nil {
		return nil, err
	}
	o, err := v.Object()
	if err != nil {
		return nil, err
	}
	return plainMap(o), nil
}

func plainMap(o *fastjson.Object) map[string]any {
	out := make(map[string]any, o.Len())
	o.Visit(func(key []byte, v *fastjson.Value) { out[string(key)] = plainValue(v) })
	return out
}

func plainValue(v *fastjson.Value) any {
	switch v.Type() {
	case fastjson.TypeString:
		return string(v.GetStringBytes())
	case fastjson.TypeNumber:
		return json.Number(v.MarshalTo(nil))
	case fastjson.TypeTrue:
		return true
	case fastjson.TypeFalse:
		return false
	case fastjson.TypeObject:
		return plainMap(v.GetObject())
	case fastjson.TypeArray:
		list := v.GetArray()
		out := make([]any, len(list))
		for i, one := range list {
			out[i] = plainValue(one)
		}
		return out
	}
	return nil
}

// appendJSON writes a value; members of maps are sorted, so that equal values give equal text.
func appendJSON(dst []byte, value any) []byte {
	switch v := value.(type) {
	case nil:
		return append(dst, "null"...)
	case raw:
		return append(dst, v...)
	case string:
		return appendString(dst, v)
	case bool:
		return strconv.AppendBool(dst, v)
	case json.Number:
		return append(dst, v...)
	case int:
		return strconv.AppendInt(dst, int64(v), 10)
	case int64:
		return strconv.AppendInt(dst, v, 10)
	case float64:
		return strconv.AppendFloat(dst, v, 'f', -1, 64)
	case object:
		dst = append(dst, '{')
		for i, m := range v {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(appendString(dst, m.key), ':')
			dst = appendJSON(dst, m.value)
		}
		return append(dst, '}')
	case doc:
		return appendMap(dst, v)
	case map[string]any:
		return appendMap(dst, v)
	case []any:
		return appendList(dst, v)
	case []object:
		return appendList(dst, v)
	case []doc:
		return appendList(dst, v)
	case []string:
		return appendList(dst, v)
	case []int64:
		return appendList(dst, v)
	}
	text, err := json.Marshal(value)
	if err != nil {
		return append(dst, "null"...)
	}
	return append(dst, text...)
}

func appendMap(dst []byte, m map[string]any) []byte {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	dst = append(dst, '{')
	for i, k := range keys {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(appendString(dst, k), ':')
		dst = appendJSON(dst, m[k])
	}
	return append(dst, '}')
}

func appendList[T any](dst []byte, list []T) []byte {
	dst = append(dst, '[')
	for i, v := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendJSON(dst, v)
	}
	return append(dst, ']')
}

// appendString writes a JSON string. Valid UTF-8 goes out as it is.
func appendString(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for i := 0; i < len(s); {
		b := s[i]
		if b < utf8.RuneSelf {
			switch {
			case b == '"' || b == '\\':
				dst = append(dst, '\\', b)
			case b == '\n':
				dst = append(dst, '\\', 'n')
			case b < ' ':
				dst = append(dst, '\\', 'u', '0', '0', hex[b>>4], hex[b&15])
			default:
				dst = append(dst, b)
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 {
			dst = append(dst, `\ufffd`...)
		} else {
			dst = append(dst, s[i:i+size]...)
		}
		i += size
	}
	return append(dst, '"')
}

// text is a value as a string, "" when it is none.
func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

// number is a value as an integer; both 12 and "12" are numbers to the API.
func number(v any) (int64, bool) {
	switch v := v.(type) {
	case json.Number:
		n, err := strconv.ParseInt(v.String(), 10, 64)
		return n, err == nil
	case string:
		n, err := strconv.ParseInt(v, 10, 64)
		return n, err == nil
	case int64:
		return v, true
	}
	return 0, false
}

// num is an integer as it is kept in a doc.
func num(n int64) json.Number { return json.Number(strconv.FormatInt(n, 10)) }
