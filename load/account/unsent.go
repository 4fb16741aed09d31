package account

import (
	"strings"

	"ferry/internal/run"
	"ferry/load/record"
)

// Unsent are the channels refused by people of whom nothing is sent, by what names a person.
type Unsent map[string][]string

// unsentBy are the names by which a contact is known that a column of a refusal speaks of: its own profiles, by their
// keys, and fields that were written of it.
var unsentBy = map[string][]string{"user_id": {"u:", "external_id ", "cf_xtremepush_id "},
	"profile_id": {"", "external_id ", "cf_xtremepush_id "}, "email": {"e:", "email "},
	"mobile_number": {"m:", "mobile_number "}}

// ReadUnsent reads them from the tables of a run; in most exports there are none.
func ReadUnsent(dir run.Dir) (Unsent, error) {
	u := Unsent{}
	return u, record.ReadIfThere(dir.Model("mapping", "unsent_refusals"), func(columns []run.Column, row run.Row) error {
		channel := record.TextAt(row, record.ColumnAt(columns, "channel"))
		for column, names := range unsentBy {
			value := strings.ToLower(record.TextAt(row, record.ColumnAt(columns, column)))
			for _, name := range names {
				if value != "" {
					u[name+value] = append(u[name+value], channel)
				}
			}
		}
		return nil
	})
}

// OfProfile are the channels that a profile refused.
func (u Unsent) OfProfile(key string) []string { return u[strings.ToLower(key)] }

// Of are the channels refused by whom what was written of a contact names.
func (u Unsent) Of(written record.Fields) (channels []string) {
	for _, field := range []string{"external_id", "cf_xtremepush_id", "email", "mobile_number"} {
		if value := record.AsText(written[field]); value != "" {
			channels = append(channels, u[field+" "+strings.ToLower(value)]...)
		}
	}
	return channels
}
