package model

import "strings"

// Key is what a model promises one row per, as SQL says it.
type Key struct{ Columns, Hash, IsNull string }

// Key puts the grain of a model into SQL. DuckDB's hash of a text gives campaign:41000005:245002 and
// campaign:41000095:245007 the same, for it takes eight letters at a time; with one letter more in front a text is cut
// elsewhere, so that both hashes together tell keys of one shape apart.
func (m *Model) Key() Key {
	var columns, hashed, nulls []string
	for _, g := range m.Grain {
		columns = append(columns, Quote(g))
		hashed = append(hashed, Quote(g), "'.' || "+Quote(g)+"::varchar")
		nulls = append(nulls, Quote(g)+" is null")
	}
	return Key{Columns: strings.Join(columns, ", "), Hash: "hash(" + strings.Join(hashed, ", ") + ")",
		IsNull: strings.Join(nulls, " or ")}
}
