package engine

import (
	"fmt"
	"slices"
	"strings"

	"ferry/internal/run"
)

// checkContract holds the columns a model gives against its header, its floor and the lists
// handed in.
func (m *model) checkContract(columns []column, fields []EntityFields) error {
	have := names(columns)
	for i, c := range have {
		if j := indexFold(have[:i], c); j >= 0 {
			return m.problem(m.lineSaying(c), "column %q is there twice", c)
		}
	}
	for _, g := range m.grain {
		if slices.Index(have, g) < 0 {
			return m.problem(m.grainLine(), "one row per %s, but there is no column %q.%s", strings.Join(m.grain, ", "), g,
				run.DidYouMean(g, have))
		}
	}
	switch m.floor.schema {
	case checksSchema:
		for _, c := range findingColumns {
			if slices.Index(have, c) < 0 {
				return m.problem(m.firstLine(), "a check gives the columns %s; %q is missing.%s",
					strings.Join(findingColumns, ", "), c, run.DidYouMean(c, have))
			}
		}
	case salesSchema:
		return m.checkSales(columns, fields)
	}
	return nil
}

func indexFold(list []string, x string) int {
	for i, v := range list {
		if strings.EqualFold(v, x) {
			return i
		}
	}
	return -1
}

// crossing are the types that may go from SQL to another room.
var crossing = []string{string(run.Varchar), string(run.Boolean), string(run.Bigint), string(run.Double),
	string(run.Date), string(run.Timestamptz), string(run.VarcharList)}

// casts are how to turn a type that may not leave into one that may.
var casts = map[string]string{
	"integer": "bigint", "smallint": "bigint", "tinyint": "bigint", "hugeint": "bigint", "ubigint": "bigint",
	"uinteger": "bigint",
	"float":    "double", "decimal": "double", "timestamp": "timestamptz", "struct": "varchar, as JSON: to_json(…)",
	"map": "varchar, as JSON: to_json(…)",
}

// castColumns turns the types of a workbook's table into those that may cross, where nothing can
// be lost by it: sum() of whole numbers, for one, is a hugeint.
func (m *model) castColumns(columns []column) ([]column, error) {
	out := slices.Clone(columns)
	m.casts = nil
	for i, c := range columns {
		to := casts[c.kind]
		switch {
		case slices.Index(crossing, c.kind) >= 0:
		case slices.Index(crossing, to) >= 0:
			out[i].kind = to
		default:
			return nil, m.problem(m.lineSaying(c.name), "column %s is %s, which no workbook can show. Types that can: %s",
				c.name, c.kind, strings.Join(crossing, ", "))
		}
		if out[i].kind != c.kind {
			m.casts = append(m.casts, fmt.Sprintf("%s::%s as %s", name(c.name), out[i].kind, name(c.name)))
		}
	}
	return out, nil
}

func (m *model) checkSales(columns []column, fields []EntityFields) error {
	var entity *EntityFields
	var entities []string
	for i, f := range fields {
		entities = append(entities, f.Entity)
		if f.Entity == m.name {
			entity = &fields[i]
		}
	}
	if len(fields) > 0 && entity == nil {
		return m.problem(m.firstLine(), "Freshsales has no %s.%s What is sent: %s", m.name, run.DidYouMean(m.name, entities),
			strings.Join(entities, ", "))
	}
	if entity != nil && entity.Key != "" && strings.Join(m.grain, ", ") != entity.Key {
		return m.problem(m.grainLine(), "freshsales.%s has one row per %s, not per %s", m.name, entity.Key,
			strings.Join(m.grain, ", "))
	}
	if entity != nil {
		for _, c := range entity.Order {
			if have := names(columns); slices.Index(have, c) < 0 {
				return m.problem(m.firstLine(), "freshsales.%s needs the column %q: its rows are sent in that order.%s", m.name, c,
					run.DidYouMean(c, have))
			}
		}
	}
	for _, c := range columns {
		if slices.Index(crossing, c.kind) < 0 {
			hint := ""
			if to, ok := casts[c.kind]; ok {
				hint = "; cast it to " + to
			}
			return m.problem(m.lineSaying(c.name), "column %s is %s, which cannot be sent%s. Types that can: %s", c.name, c.kind,
				hint, strings.Join(crossing, ", "))
		}
		if entity != nil && !entity.allows(c.name) {
			return m.problem(m.lineSaying(c.name),
				"Freshsales knows no attribute %q of %s.%s A field of your own begins with cf_", c.name, m.name,
				run.DidYouMean(c.name, entity.Columns))
		}
	}
	return nil
}

func (f EntityFields) allows(column string) bool {
	return strings.HasPrefix(column, "cf_") || column == "custom_field" || strings.HasSuffix(column, "_key") ||
		slices.Index(f.Columns, column) >= 0
}

// order is by which columns a model that is sent is stored.
func (m *model) order(fields []EntityFields) []string {
	for _, f := range fields {
		if f.Entity == m.name && len(f.Order) > 0 {
			return f.Order
		}
	}
	return m.grain
}

// column is one column a SELECT gives, with the type as people write it.
type column struct{ name, kind string }

func names(columns []column) []string {
	all := make([]string, len(columns))
	for i, c := range columns {
		all[i] = c.name
	}
	return all
}

// EntityFields are the columns one Freshsales entity may have.
type EntityFields struct {
	Entity  string   // "contacts"
	Key     string   // "contact_key"; "" when it is not checked
	Columns []string // names of the API and of references; cf_… and custom_field need not be listed
	Order   []string // columns in whose order the table is stored, because the loader reads it so; empty: its key
}
