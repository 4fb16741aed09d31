package account

import (
	"bytes"
	"encoding/json"
	"strings"
	"sync/atomic"

	"ferry/load/freshsales"
	"ferry/load/record"
	"ferry/load/target"
)

// Calls may differ in how they want the choices of drop-downs spelt (API.md 10.11).
const (
	InBulk = "bulk"
	Singly = "single"
)

// choiceForms is how choices are spelt: by id, unless ferry.yaml says or the account has shown otherwise.
type choiceForms struct{ bulkByText, singleByText atomic.Bool }

func (f *choiceForms) of(calls string) *atomic.Bool {
	if calls == InBulk {
		return &f.bulkByText
	}
	return &f.singleByText
}

const byText = "text"

func choiceMeta(calls string) string { return "choices in " + calls + " calls" }

// recallChoices takes the forms from ferry.yaml, or from what earlier loads learned.
func (a *Account) recallChoices(o target.Options, m Memory) error {
	for _, calls := range []string{InBulk, Singly} {
		form := o.Choices[calls]
		if form == "" {
			var err error
			if form, err = m.Meta(choiceMeta(calls)); err != nil {
				return err
			}
		}
		a.forms.of(calls).Store(form == byText)
	}
	return nil
}

// LearnChoices remembers that calls of one sort took choices in the other form than before.
func (a *Account) LearnChoices(m Memory, calls string, isText bool) error {
	a.forms.of(calls).Store(isText)
	form := "id"
	if isText {
		form = byText
	}
	return m.SetMeta(choiceMeta(calls), form)
}

// TakesText says how calls of one sort are given choices.
func (a *Account) TakesText(calls string) bool { return a.forms.of(calls).Load() }

// Spelled gives a payload with its choices spelt as texts, or as ids; false: it holds none.
func (a *Account) Spelled(k *record.Kind, payload freshsales.Attributes, isText bool) (freshsales.Attributes, bool) {
	var all map[string]json.RawMessage
	if json.Unmarshal(payload, &all) != nil {
		return payload, false
	}
	custom, err := decodeObject(all["custom_field"])
	if err != nil {
		return payload, false
	}
	hasChoice := false
	for name, v := range custom {
		if f := a.customField(k.Entity, name); f != nil && isChoice(f) && v != nil {
			custom[name], hasChoice = a.spell(f, a.Read(k.Entity, name, plainList(v)), isText), true
		}
	}
	if !hasChoice {
		return payload, false
	}
	if all["custom_field"], err = json.Marshal(custom); err != nil {
		return payload, false
	}
	out, err := json.Marshal(all)
	return out, err == nil
}

func decodeObject(text json.RawMessage) (map[string]any, error) {
	var m map[string]any
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	err := d.Decode(&m)
	return m, err
}

// plainList is a list out of JSON as a list of texts.
func plainList(v any) any {
	list, ok := v.([]any)
	if !ok {
		return v
	}
	texts := make([]string, len(list))
	for i, e := range list {
		texts[i] = record.AsText(e)
	}
	return texts
}

// BlamesChoice says whether words of Freshsales speak of a drop-down of an entity.
func (a *Account) BlamesChoice(entity, words string) bool {
	words = strings.ToLower(words)
	for _, f := range a.fields[entity] {
		if !isChoice(f) {
			continue
		}
		for _, name := range []string{f.Label, f.Name} {
			if name != "" && strings.Contains(words, strings.ToLower(name)) {
				return true
			}
		}
	}
	return false
}

func isChoice(f *freshsales.Field) bool {
	return f.Kind() == freshsales.KindDropdown || f.Kind() == freshsales.KindMultiSelect
}

// spell writes the text of a choice, or a set of them, in the form that calls take.
func (a *Account) spell(f *freshsales.Field, v any, isText bool) any {
	if isText || v == nil {
		return v
	}
	if f.Kind() == freshsales.KindDropdown {
		return choiceID(f, record.AsText(v))
	}
	ids := []any{}
	for _, text := range ManyOf(v) {
		ids = append(ids, choiceID(f, text))
	}
	return ids
}
