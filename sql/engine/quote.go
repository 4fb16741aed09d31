package engine

import "strings"

// literal writes a SQL string.
func literal(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// name writes a SQL name.
func name(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

// Values writes rows of texts as SQL; nil is null.
func Values(names []string, lines [][]*string) string {
	var rows []string
	for _, r := range lines {
		cells := make([]string, len(r))
		for i, c := range r {
			cells[i] = "null::varchar"
			if c != nil {
				cells[i] = literal(*c)
			}
		}
		rows = append(rows, "("+strings.Join(cells, ", ")+")")
	}
	var columns, nulls []string
	for _, c := range names {
		columns = append(columns, name(c))
		nulls = append(nulls, "null::varchar as "+name(c))
	}
	if len(rows) == 0 {
		return "(select " + strings.Join(nulls, ", ") + " where false) as given"
	}
	return "(values " + strings.Join(rows, ", ") + ") as given (" + strings.Join(columns, ", ") + ")"
}
