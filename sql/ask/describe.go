package ask

import (
	"context"
	"fmt"
	"strings"
	"unicode"

	"ferry/internal/run"
	"ferry/sql/engine"
	"ferry/sql/model"
)

// Described is what a run has of a table: columns, and a few rows that show their shape and no person.
type Described struct {
	Columns []DescribedColumn
	Rows    int64
}

// DescribedColumn is one column with masked examples.
type DescribedColumn struct {
	Name, Type string
	Examples   []string
}

// sampleRows is how many rows of a table are shown, masked.
const sampleRows = 3

// Describe looks at every table of a run.
func Describe(ctx context.Context, dir run.Dir, o engine.Options) (map[string]Described, error) {
	e, err := engine.Open(ctx, dir, o)
	if err != nil {
		return nil, err
	}
	defer e.Close()
	all := map[string]Described{}
	for _, table := range e.Tables() {
		schema, short, _ := strings.Cut(table, ".")
		d := Described{}
		for _, c := range e.Known(table) {
			d.Columns = append(d.Columns, DescribedColumn{Name: c.Name, Type: c.Kind})
		}
		quoted := schema + "." + model.Quote(short)
		if err := e.One(ctx, "select count(*) from "+quoted, &d.Rows); err != nil {
			continue // a view over what this run has not
		}
		query := fmt.Sprintf("select %s from %s limit %d", asText(e.Known(table)), quoted, sampleRows)
		err := e.Rows(ctx, query, func(values []any) error {
			for i := range d.Columns {
				text := ""
				if t := show(values[i]); t != nil {
					text = *t
				}
				d.Columns[i].Examples = append(d.Columns[i].Examples, masked(schema, text))
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		all[table] = d
	}
	return all, nil
}

// masked keeps the shape of a value: letters become x, digits 9. Settings are no personal data and stay.
func masked(schema, text string) string {
	if schema == model.SettingsSchema {
		return Shortened(text, mostShown)
	}
	return Shortened(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsUpper(r):
			return 'X'
		case unicode.IsLetter(r):
			return 'x'
		case unicode.IsDigit(r):
			return '9'
		}
		return r
	}, text), mostShown)
}

// mostShown is how much of an example is shown.
const mostShown = 40

// Shortened keeps a value on one line, and of a long one the beginning.
func Shortened(text string, most int) string {
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > most {
		return string(r[:most]) + "…"
	}
	return text
}
