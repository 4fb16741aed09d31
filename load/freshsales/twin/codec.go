package twin

import (
	"encoding/json"
	"errors"
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

// decode reads one JSON object that somebody sent, numbers kept as they were written.
func decode(body []byte) (doc, error) {
	if !json.Valid(body) { // the fast parser alone would let too much pass
		return nil, errors.New("not JSON")
	}
	return decodeStored(body)
}

// parsers read valid JSON faster than the standard library does.
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

// decodeKeys reads only what a record is found by, and when it was changed.
func decodeKeys(body []byte) (doc, error) {
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
	out := make(doc, 8)
	unique := o.Get("_unique") != nil
	o.Visit(func(key []byte, v *fastjson.Value) {
		if name, known := keyNames[string(key)]; known && (unique || name != "custom_field") {
			out[name] = plainValue(v)
		}
	})
	return out, nil
}

// keyNames are the attributes that the keys of all kinds look at.
var keyNames = func() map[string]string {
	out := map[string]string{}
	for _, name := range []string{
		"emails", "mobile_number", "work_number", "external_id", "first_name", "last_name", "sales_accounts", "_unique",
		"custom_field",
		"name", "website", "phone", "parent_sales_account_id", "sales_account_id", "contact_ids", "target_type",
		"target_id", "updated_at",
	} {
		out[name] = name
	}
	return out
}()

func plainMap(o *fastjson.Object) map[string]any {
	out := make(map[string]any, o.Len())
	o.Visit(func(key []byte, v *fastjson.Value) {
		name, known := commonNames[string(key)]
		if !known {
			name = string(key)
		}
		out[name] = plainValue(v)
	})
	return out
}

// commonNames are the attribute names of all kinds, so that a million records share them.
var commonNames = func() map[string]string {
	out := map[string]string{}
	for _, name := range []string{
		"created_at", "updated_at", "creater_id", "updater_id", "custom_field", "emails", "value", "is_primary", "data",
		"sales_accounts", "id", "target_type", "target_id", "contact_ids", "sales_account_id", "targetable_type",
		"targetable_id",
	} {
		out[name] = name
	}
	for _, k := range []*kind{contactKind, accountKind, dealKind, taskKind, appointmentKind, noteKind, activityKind} {
		for _, a := range k.attrs {
			out[a.name] = a.name
		}
	}
	return out
}()

func plainValue(v *fastjson.Value) any {
	switch v.Type() {
	case fastjson.TypeString:
		return string(v.GetStringBytes())
	case fastjson.TypeNumber:
		var room [24]byte
		return json.Number(v.MarshalTo(room[:0]))
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
	plain := 0 // from here on nothing needs care
	for i := 0; i < len(s); {
		b := s[i]
		size := 1
		if b >= utf8.RuneSelf {
			var r rune
			if r, size = utf8.DecodeRuneInString(s[i:]); r != utf8.RuneError || size > 1 {
				i += size
				continue
			}
		} else if b >= ' ' && b != '"' && b != '\\' {
			i++
			continue
		}
		dst = append(dst, s[plain:i]...)
		switch {
		case b >= utf8.RuneSelf:
			dst = append(dst, `\ufffd`...)
		case b == '"' || b == '\\':
			dst = append(dst, '\\', b)
		case b == '\n':
			dst = append(dst, '\\', 'n')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hex[b>>4], hex[b&15])
		}
		i += size
		plain = i
	}
	return append(append(dst, s[plain:]...), '"')
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
