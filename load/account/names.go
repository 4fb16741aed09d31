package account

import (
	"encoding/json"

	"ferry/load/freshsales"
	"ferry/load/record"
)

// A field that somebody made by hand may have another name in the account than ours, and is known by its label. Fields
// of a record always stand under our names, so that what knows a field by name, above all what keeps a refusal, meets
// it wherever it is; only calls and answers spell the account's.

// fieldNames is the memory's note of those names, by entity and our name, for acts that do not provision.
const fieldNames = "names of fields"

// know remembers which field of the account stands for a name of ours.
func (a *Account) know(entity, ours string, f *freshsales.Field) {
	a.fields[entity][ours] = f
	if ours != f.Name {
		if a.aliases[entity] == nil {
			a.aliases[entity] = map[string]string{}
		}
		a.aliases[entity][ours] = f.Name
	}
}

// LiveName is what the account calls a custom field.
func (a *Account) LiveName(entity, ours string) string {
	if live, is := a.aliases[entity][ours]; is {
		return live
	}
	return ours
}

// ourName is what we call a field of the account.
func (a *Account) ourName(entity, live string) string {
	for ours, name := range a.aliases[entity] {
		if name == live {
			return ours
		}
	}
	return live
}

// Named puts fields that stand under the account's names under ours.
func (a *Account) Named(entity string, f record.Fields) record.Fields {
	for ours, live := range a.aliases[entity] {
		if v, has := f[live]; has {
			f[ours] = v
			delete(f, live)
		}
	}
	return f
}

// RecallNames takes from memory which fields of the account stand for which of ours, as long as they are there.
func (a *Account) RecallNames(m interface{ Meta(string) (string, error) }) error {
	text, err := m.Meta(fieldNames)
	if err != nil || text == "" {
		return err
	}
	var known map[string]map[string]string
	if err := json.Unmarshal([]byte(text), &known); err != nil {
		return err
	}
	for entity, names := range known {
		for ours, live := range names {
			if f := a.fields[entity][live]; f != nil && a.fields[entity][ours] == nil {
				a.know(entity, ours, f)
			}
		}
	}
	return nil
}

// rememberNames notes them, where there are any.
func (a *Account) rememberNames(m Memory) error {
	if len(a.aliases) == 0 {
		return nil
	}
	text, err := json.Marshal(a.aliases)
	if err != nil {
		return err
	}
	return m.SetMeta(fieldNames, string(text))
}
