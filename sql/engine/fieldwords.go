package engine

import (
	"context"
	"fmt"
	"strings"

	"ferry/sql/model"
)

// fieldTypes are what a cleaned text of settings.standard_fields is cast to; all others stay texts.
var fieldTypes = map[string]string{"date": "date", "flag": "boolean", "number": "double", "time": "timestamptz"}

// fieldWords are the macros that lay a map of values out as the columns of settings.standard_fields, so that a
// further field is a line of that list and no column of any file.
func (e *Engine) fieldWords(ctx context.Context) (string, error) {
	columns := map[string][]string{}
	if _, ok := e.sources["settings.standard_fields"]; ok {
		query := "select trim(entity), trim(field), coalesce(trim(cleaner), '') from settings.standard_fields " +
			"where filled_by = 'list'"
		err := e.Rows(ctx, query, func(v []any) error {
			entity, field := fmt.Sprint(v[0]), fmt.Sprint(v[1])
			value := "given[" + model.Literal(field) + "]"
			if to, ok := fieldTypes[fmt.Sprint(v[2])]; ok {
				value = "try_cast(" + value + " as " + to + ")"
			}
			columns[entity] = append(columns[entity], model.Quote(field)+" := "+value)
			return nil
		})
		if err != nil {
			return "", err
		}
	}
	var b strings.Builder
	for _, m := range [][2]string{{"contact_fields", "contacts"}, {"account_fields", "accounts"}} {
		if len(columns[m[1]]) > 0 {
			fmt.Fprintf(&b, "create or replace macro %s(given) as struct_pack(%s);\n", m[0],
				strings.Join(columns[m[1]], ", "))
		}
	}
	return b.String(), nil
}
