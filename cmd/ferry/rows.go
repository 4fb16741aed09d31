package main

import (
	"errors"
	"io/fs"

	"ferry/internal/run"
)

// tableRow is one row of a table, by column name.
type tableRow struct {
	columns []run.Column
	values  run.Row
}

func (r tableRow) value(name string) any {
	for i, c := range r.columns {
		if c.Name == name {
			return r.values[i]
		}
	}
	return nil
}

func (r tableRow) text(name string) string {
	t, _ := r.value(name).(string)
	return t
}

func (r tableRow) number(name string) int64 {
	n, _ := r.value(name).(int64)
	return n
}

func (r tableRow) yes(name string) bool {
	b, _ := r.value(name).(bool)
	return b
}

// eachRow reads a table row by row.
func eachRow(path string, do func(tableRow) error) error {
	return run.ReadTable(path, func(columns []run.Column, row run.Row) error { return do(tableRow{columns, row}) })
}

// reportRows reads a small table of the reports floor; one that is not there is empty.
func reportRows(dir run.Dir, name string) ([]tableRow, error) {
	var all []tableRow
	err := eachRow(dir.Model("reports", name), func(r tableRow) error {
		all = append(all, tableRow{r.columns, append(run.Row(nil), r.values...)})
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return all, err
}
