package model

import (
	"fmt"
	"slices"
	"strings"

	"ferry/internal/run"
)

// CheckContract holds the columns a model gives against its header, its floor and the lists
// handed in.
func (m *Model) CheckContract(columns []Column, fields []EntityFields) error {
	have := Names(columns)
	for i, c := range have {
		if j := IndexFold(have[:i], c); j >= 0 {
			return m.Problem(m.LineSaying(c), "column %q is there twice", c)
		}
	}
	for _, g := range m.Grain {
		if slices.Index(have, g) < 0 {
			return m.Problem(m.GrainLine(), "one row per %s, but there is no column %q.%s", strings.Join(m.Grain, ", "), g,
				run.DidYouMean(g, have))
		}
	}
	switch m.Floor.Schema {
	case ChecksSchema:
		for _, c := range findingColumns {
			if slices.Index(have, c) < 0 {
				return m.Problem(m.FirstLine(), "a check gives the columns %s; %q is missing.%s",
					strings.Join(findingColumns, ", "), c, run.DidYouMean(c, have))
			}
		}
	case SalesSchema:
		return m.checkSales(columns, fields)
	}
	return nil
}

// IndexFold is where a name stands in a list, whatever its case; -1 where it does not.
func IndexFold(list []string, x string) int {
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

// CastColumns turns the types of a workbook's table into those that may cross, where nothing can
// be lost by it: sum() of whole numbers, for one, is a hugeint.
func (m *Model) CastColumns(columns []Column) ([]Column, error) {
	out := slices.Clone(columns)
	m.Casts = nil
	for i, c := range columns {
		to := casts[c.Kind]
		switch {
		case slices.Index(crossing, c.Kind) >= 0:
		case slices.Index(crossing, to) >= 0:
			out[i].Kind = to
		default:
			return nil, m.Problem(m.LineSaying(c.Name), "column %s is %s, which no workbook can show. Types that can: %s",
				c.Name, c.Kind, strings.Join(crossing, ", "))
		}
		if out[i].Kind != c.Kind {
			m.Casts = append(m.Casts, fmt.Sprintf("%s::%s as %s", Quote(c.Name), out[i].Kind, Quote(c.Name)))
		}
	}
	return out, nil
}

func (m *Model) checkSales(columns []Column, fields []EntityFields) error {
	var entity *EntityFields
	var entities []string
	for i, f := range fields {
		entities = append(entities, f.Entity)
		if f.Entity == m.Name {
			entity = &fields[i]
		}
	}
	if len(fields) > 0 && entity == nil {
		return m.Problem(m.FirstLine(), "Freshsales has no %s.%s What is sent: %s", m.Name, run.DidYouMean(m.Name, entities),
			strings.Join(entities, ", "))
	}
	if entity != nil && entity.Key != "" && strings.Join(m.Grain, ", ") != entity.Key {
		return m.Problem(m.GrainLine(), "freshsales.%s has one row per %s, not per %s", m.Name, entity.Key,
			strings.Join(m.Grain, ", "))
	}
	if entity != nil {
		for _, c := range entity.Order {
			if have := Names(columns); slices.Index(have, c) < 0 {
				return m.Problem(m.FirstLine(), "freshsales.%s needs the column %q: its rows are sent in that order.%s", m.Name, c,
					run.DidYouMean(c, have))
			}
		}
	}
	for _, c := range columns {
		if slices.Index(crossing, c.Kind) < 0 {
			hint := ""
			if to, ok := casts[c.Kind]; ok {
				hint = "; cast it to " + to
			}
			return m.Problem(m.LineSaying(c.Name), "column %s is %s, which cannot be sent%s. Types that can: %s", c.Name, c.Kind,
				hint, strings.Join(crossing, ", "))
		}
		if entity != nil && !entity.allows(c.Name) {
			return m.Problem(m.LineSaying(c.Name),
				"Freshsales knows no attribute %q of %s.%s A field of your own begins with cf_", c.Name, m.Name,
				run.DidYouMean(c.Name, entity.Columns))
		}
	}
	return nil
}

func (f EntityFields) allows(column string) bool {
	return strings.HasPrefix(column, "cf_") || column == "custom_field" || strings.HasSuffix(column, "_key") ||
		slices.Index(f.Columns, column) >= 0
}

// Order is by which columns a model that is sent is stored.
func (m *Model) Order(fields []EntityFields) []string {
	for _, f := range fields {
		if f.Entity == m.Name && len(f.Order) > 0 {
			return f.Order
		}
	}
	return m.Grain
}

// Column is one column a SELECT gives, with the type as people write it.
type Column struct{ Name, Kind string }

func Names(columns []Column) []string {
	all := make([]string, len(columns))
	for i, c := range columns {
		all[i] = c.Name
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
