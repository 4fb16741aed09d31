package run

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// NamedRow is one row of a table, read by the names of its columns.
type NamedRow struct {
	Columns []Column
	Values  Row
}

// Value is what stands in a column; nil when there is no such column.
func (r NamedRow) Value(name string) any {
	for i, c := range r.Columns {
		if c.Name == name {
			return r.Values[i]
		}
	}
	return nil
}

// Text is a text; "" for anything else.
func (r NamedRow) Text(name string) string {
	t, _ := r.Value(name).(string)
	return t
}

// Number is a whole number; 0 for anything else.
func (r NamedRow) Number(name string) int64 {
	n, _ := r.Value(name).(int64)
	return n
}

// Yes is a yes or no; no for anything else.
func (r NamedRow) Yes(name string) bool {
	b, _ := r.Value(name).(bool)
	return b
}

// EachRow reads a table row by row. The row is the reader's: whoever keeps one copies it.
func EachRow(path string, do func(NamedRow) error) error {
	return ReadTable(path, func(columns []Column, row Row) error { return do(NamedRow{columns, row}) })
}

// RowsOf reads a small table whole; one that is not there is empty.
func RowsOf(path string) ([]NamedRow, error) {
	var all []NamedRow
	err := EachRow(path, func(r NamedRow) error {
		all = append(all, NamedRow{r.Columns, append(Row(nil), r.Values...)})
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return all, err
}

// Thousands writes 1234567 as 1,234,567.
func Thousands(n int64) string {
	s := fmt.Sprint(n)
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + s
}
