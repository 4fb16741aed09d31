package account

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"ferry/load/freshsales"
	"ferry/load/record"
)

// Limits of values that every known account accepts (API.md 5.4 and 10.13).
const (
	maxText     = 255
	maxTextArea = 8000
	maxWhole    = 11 // digits before the point
	maxPart     = 4  // digits after it
)

// Value gives one column of a row the account's terms. A reason means: this field of this row is
// withheld and listed, and the row still goes. No name means that the account has no such thing at
// all, for any row: it is told once, not row by row.
func (a *Account) Value(entity, column string, v any) (name string, out any, reason string) {
	e, _ := freshsales.EntityOf(entity)
	at, known := e.Attribute(column)
	switch {
	case strings.HasPrefix(column, "cf_"):
		return a.custom(entity, column, v)
	case known && at.Reference:
		return a.refer(entity, at, v)
	}
	if s, ok := v.(string); ok && known && at.Max > 0 && utf8.RuneCountInString(s) > at.Max {
		return column, nil, fmt.Sprintf("longer than the %d characters Freshsales takes", at.Max)
	}
	return column, v, ""
}

// noList stands for all values of a reference whose list the account does not offer.
const noList = "\x00"

// refer resolves readable text to an id.
func (a *Account) refer(entity string, at freshsales.Attribute, v any) (string, any, string) {
	if v == nil {
		return at.Becomes, nil, "" // cleared
	}
	text, ok := v.(string)
	text = strings.TrimSpace(text)
	if !ok || text == "" {
		return at.Becomes, nil, "not a name"
	}
	if at.Name == "owner_email" {
		return a.owner(entity, text)
	}
	list, asked := a.Lists[at.Name]
	if !asked {
		a.miss(entity, at.Name, noList)
		if at.Name == "currency" {
			return at.Becomes, nil, "the account offers no list of currencies"
		}
		return "", nil, ""
	}
	for _, c := range list {
		isOff := at.Name == "currency" && c.Row["is_active"] == false
		if strings.EqualFold(strings.TrimSpace(c.Name), text) && !isOff {
			return at.Becomes, record.Number64(c.ID), ""
		}
	}
	a.miss(entity, at.Name, text)
	return at.Becomes, nil, "the account has no such " + strings.ReplaceAll(at.Name, "_", " ")
}

func (a *Account) owner(entity, email string) (string, any, string) {
	for _, o := range a.owners {
		if strings.EqualFold(strings.TrimSpace(o.Email), email) {
			if !o.IsActive {
				a.miss(entity, "owner_email", email)
				return "owner_id", nil, "this user of the account is not active"
			}
			return "owner_id", record.Number64(o.ID), ""
		}
	}
	a.miss(entity, "owner_email", email)
	return "owner_id", nil, "no user of the account has this e-mail address"
}

func (a *Account) miss(entity, column, value string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.unknown[unknownValue{entity, column, value}]++
}

// custom checks a value against the field the account has, and spells it as the field does.
func (a *Account) custom(entity, column string, v any) (string, any, string) {
	f := a.fields[entity][column]
	if f == nil {
		return column, nil, "the account has no field " + column
	}
	if v == nil {
		return column, nil, ""
	}
	out, reason := fit(f, v)
	return column, out, reason
}

// fit brings a value to what a field holds.
func fit(f *freshsales.Field, v any) (out any, reason string) {
	switch f.Kind() {
	case freshsales.KindNumber:
		return fitNumber(v)
	case freshsales.KindCheckbox:
		switch strings.ToLower(record.AsText(v)) {
		case "true", "1", "yes":
			return true, ""
		case "false", "0", "no":
			return false, ""
		}
		return nil, "not yes or no, which the field takes"
	case freshsales.KindDate:
		return fitDate(f, v)
	case freshsales.KindDropdown:
		return fitChoice(f, record.AsText(v))
	case freshsales.KindMultiSelect:
		return fitChoices(f, v)
	case freshsales.KindTextArea:
		return fitText(v, maxTextArea)
	case freshsales.KindFormula:
		return nil, "Freshsales computes this field itself"
	default:
		return fitText(v, maxText)
	}
}

func fitText(v any, most int) (any, string) {
	s := record.AsText(v)
	if utf8.RuneCountInString(s) > most {
		return nil, fmt.Sprintf("longer than the %d characters the field takes", most)
	}
	return s, ""
}

func fitNumber(v any) (any, string) {
	s := strings.TrimSpace(record.AsText(v))
	r, ok := record.Number(s)
	if !ok {
		return nil, "not a number, which the field takes"
	}
	whole, part := new(big.Int).Quo(r.Num(), r.Denom()), ""
	if _, tail, found := strings.Cut(s, "."); found {
		part = strings.TrimRight(tail, "0")
	}
	if len(strings.TrimPrefix(whole.String(), "-")) > maxWhole || len(part) > maxPart {
		return nil, fmt.Sprintf("a number of more than %d digits before or %d after the point", maxWhole, maxPart)
	}
	return json.Number(trimZeros(r.FloatString(maxPart))), ""
}

func trimZeros(s string) string {
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

func fitDate(f *freshsales.Field, v any) (any, string) {
	t, ok := record.Instant(strings.TrimSpace(record.AsText(v)))
	if !ok {
		return nil, "not a date, which the field takes"
	}
	if strings.Contains(strings.ToLower(f.Type), "time") {
		return t.UTC().Format(time.RFC3339), ""
	}
	return t.Format(time.DateOnly), ""
}

func fitChoice(f *freshsales.Field, text string) (any, string) {
	text = strings.TrimSpace(text)
	for _, c := range f.Choices {
		if strings.TrimSpace(c.Name) == text {
			return c.Name, ""
		}
	}
	for _, c := range f.Choices {
		if strings.EqualFold(strings.TrimSpace(c.Name), text) {
			return c.Name, ""
		}
	}
	return nil, "not one of the field's choices"
}

func fitChoices(f *freshsales.Field, v any) (any, string) {
	var out []string
	for _, text := range ManyOf(v) {
		c, reason := fitChoice(f, text)
		if reason != "" {
			return nil, reason
		}
		out = append(out, c.(string))
	}
	return record.AsSet(out), ""
}

func ManyOf(v any) []string {
	if list, ok := v.([]string); ok {
		return list
	}
	var list []string
	for _, part := range strings.Split(record.AsText(v), ";") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}

// wire spells a value for sending: choices in the form those calls take.
func (a *Account) wire(entity, name string, v any, calls string) any {
	f := a.customField(entity, name)
	if f == nil || v == nil || !isChoice(f) {
		return v
	}
	return a.spell(f, v, a.TakesText(calls))
}

// choiceID is the id of a choice, or the text where the account gives no ids.
func choiceID(f *freshsales.Field, text string) any {
	for _, c := range f.Choices {
		if c.Name == text && c.ID != 0 {
			return record.Number64(c.ID)
		}
	}
	return text
}

// Read spells a value that came back the way value does: choices as text, sets as sets.
func (a *Account) Read(entity, name string, v any) any {
	f := a.customField(entity, name)
	if f == nil || v == nil {
		return v
	}
	switch f.Kind() {
	case freshsales.KindDropdown:
		return choiceText(f, record.AsText(v))
	case freshsales.KindMultiSelect:
		var list []string
		for _, text := range ManyOf(v) {
			list = append(list, choiceText(f, text))
		}
		return record.AsSet(list)
	}
	return v
}

func choiceText(f *freshsales.Field, text string) string {
	for _, c := range f.Choices {
		if c.ID != 0 && strconv.FormatInt(c.ID, 10) == text {
			return c.Name
		}
	}
	return text
}

// customField finds a custom field by our name for it, or the account's.
func (a *Account) customField(entity, name string) *freshsales.Field {
	if !strings.HasPrefix(name, "cf_") {
		return nil
	}
	return a.fields[entity][name]
}

// Remote is liveFields with choices spelt as values spell them.
func (a *Account) Remote(k *record.Kind, r freshsales.Record) record.Fields {
	f := a.Named(k.Entity, record.FromRemote(k, r))
	for name, v := range f {
		if v != nil && !strings.HasPrefix(name, "@") {
			f[name] = a.Read(k.Entity, name, v)
		}
	}
	return f
}
