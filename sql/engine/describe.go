package engine

import (
	"context"
	"fmt"
	"strings"
	"unicode"

	"ferry/internal/run"
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
func Describe(ctx context.Context, dir run.Dir, o Options) (map[string]Described, error) {
	p, err := readProject(o.Room())
	if err != nil {
		return nil, err
	}
	e, err := openEngine(ctx, dir, o)
	if err != nil {
		return nil, err
	}
	defer e.close()
	if err := e.open(ctx, p, o); err != nil {
		return nil, err
	}
	all := map[string]Described{}
	for _, table := range keysOf(e.known) {
		schema, short, _ := strings.Cut(table, ".")
		d := Described{}
		for _, c := range e.known[table] {
			d.Columns = append(d.Columns, DescribedColumn{Name: c.name, Type: c.kind})
		}
		quoted := schema + "." + name(short)
		if err := e.db.QueryRowContext(ctx, "select count(*) from "+quoted).Scan(&d.Rows); err != nil {
			continue // a view over what this run has not
		}
		err := e.rows(ctx, fmt.Sprintf("select * from %s limit %d", quoted, sampleRows), func(values []any) error {
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
	if schema == settingsSchema {
		return shortened(text)
	}
	return shortened(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsUpper(r):
			return 'X'
		case unicode.IsLetter(r):
			return 'x'
		case unicode.IsDigit(r):
			return '9'
		}
		return r
	}, text))
}

func shortened(text string) string {
	const most = 40
	if r := []rune(text); len(r) > most {
		return string(r[:most]) + "…"
	}
	return text
}
