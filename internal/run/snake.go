package run

import (
	"encoding"
	"encoding/json"
	"reflect"
	"strings"
	"unicode"
)

// Snake gives a result with its fields in the one spelling of ferry's JSON: lower case with underscores, unless a
// field says its own name. Keys of maps are data and stay as they are.
func Snake(v any) any { return snakeOf(reflect.ValueOf(v)) }

func snakeOf(v reflect.Value) any {
	if !v.IsValid() {
		return nil
	}
	switch v.Interface().(type) {
	case json.Marshaler, encoding.TextMarshaler:
		if v.Kind() == reflect.Pointer && v.IsNil() {
			return nil
		}
		return v.Interface()
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return nil
		}
		if err, ok := v.Interface().(error); ok {
			return err.Error()
		}
		return snakeOf(v.Elem())
	case reflect.Struct:
		out := map[string]any{}
		snakeFields(v, out)
		return out
	case reflect.Map:
		out := map[string]any{}
		for it := v.MapRange(); it.Next(); {
			out[it.Key().String()] = snakeOf(it.Value())
		}
		return out
	case reflect.Slice, reflect.Array:
		if v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8 {
			return v.Interface()
		}
		out := make([]any, v.Len()) // never null: a script may count on a list
		for i := range out {
			out[i] = snakeOf(v.Index(i))
		}
		return out
	}
	return v.Interface()
}

func snakeFields(v reflect.Value, out map[string]any) {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		tag, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case !f.IsExported(), tag == "-", strings.Contains(options, "omitempty") && v.Field(i).IsZero():
			continue
		case f.Anonymous && tag == "" && v.Field(i).Kind() == reflect.Struct:
			snakeFields(v.Field(i), out)
			continue
		case tag == "":
			tag = snakeName(f.Name)
		}
		out[tag] = snakeOf(v.Field(i))
	}
}

// snakeName writes RunID as run_id and MaxLoadHours as max_load_hours.
func snakeName(s string) string {
	var b strings.Builder
	letters := []rune(s)
	for i, r := range letters {
		starts := unicode.IsUpper(r) && i > 0 && (!unicode.IsUpper(letters[i-1]) || i+1 < len(letters) &&
			unicode.IsLower(letters[i+1]))
		if starts {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
