package model

import "strings"

// Literal writes a SQL string.
func Literal(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// Quote writes a SQL name.
func Quote(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

// Values writes rows of texts as SQL; nil is null.
func Values(names []string, lines [][]*string) string {
	var rows []string
	for _, r := range lines {
		cells := make([]string, len(r))
		for i, c := range r {
			cells[i] = "null::varchar"
			if c != nil {
				cells[i] = Literal(*c)
			}
		}
		rows = append(rows, "("+strings.Join(cells, ", ")+")")
	}
	var columns, nulls []string
	for _, c := range names {
		columns = append(columns, Quote(c))
		nulls = append(nulls, "null::varchar as "+Quote(c))
	}
	if len(rows) == 0 {
		return "(select " + strings.Join(nulls, ", ") + " where false) as given"
	}
	return "(values " + strings.Join(rows, ", ") + ") as given (" + strings.Join(columns, ", ") + ")"
}
