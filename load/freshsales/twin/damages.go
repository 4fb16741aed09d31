package twin

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// filledCustom finds the first custom field of a type that a record has filled, and hands out a copy of
// the values to change.
func (t *Twin) filledCustom(d doc, types ...string) (values map[string]any, f *Field) {
	old, _ := d["custom_field"].(map[string]any)
	for i := range t.account.Fields["contacts"] {
		f := &t.account.Fields["contacts"][i]
		if _, filled := old[f.Name]; filled && slices.Contains(types, f.Type) {
			values = maps.Clone(old)
			d["custom_field"] = values
			return values, f
		}
	}
	return nil, nil
}

func half(s string) string {
	runes := []rune(s)
	return string(runes[:len(runes)/2])
}

func truncateText(t *Twin, d doc) string {
	if values, f := t.filledCustom(d, "text", "textarea"); f != nil && utf8.RuneCountInString(text(values[f.Name])) > 3 {
		values[f.Name] = half(text(values[f.Name]))
		return f.Name
	}
	return truncate("last_name")(t, d)
}

func truncate(attribute string) func(*Twin, doc) string {
	return func(_ *Twin, d doc) string {
		if s := text(d[attribute]); utf8.RuneCountInString(s) > 1 {
			d[attribute] = half(s)
			return attribute
		}
		return ""
	}
}

func suffix(attribute, end string) func(*Twin, doc) string {
	return func(_ *Twin, d doc) string {
		if s := text(d[attribute]); s != "" {
			d[attribute] = s + end
			return attribute
		}
		return ""
	}
}

func drop(attribute string) func(*Twin, doc) string {
	return func(_ *Twin, d doc) string {
		if d[attribute] == nil {
			return ""
		}
		delete(d, attribute)
		return attribute
	}
}

func swapRef(attribute, list string) func(*Twin, doc) string {
	return func(t *Twin, d doc) string {
		now, has := number(d[attribute])
		if !has {
			return ""
		}
		for _, it := range t.account.list(list) {
			if it.ID != now {
				d[attribute] = num(it.ID)
				return attribute
			}
		}
		return ""
	}
}

func shiftDate(t *Twin, d doc) string {
	values, f := t.filledCustom(d, "date")
	if f == nil {
		return ""
	}
	day, err := time.Parse(time.DateOnly, text(values[f.Name]))
	if err != nil {
		return ""
	}
	values[f.Name] = day.AddDate(0, 0, 1).Format(time.DateOnly)
	return f.Name
}

// flipOptOut makes an opted-out contact a subscribed one, wherever the opt-out is written.
func flipOptOut(t *Twin, d doc) string {
	values, _ := d["custom_field"].(map[string]any)
	for _, name := range []string{"cf_email_opt_out", "cf_sms_opt_out"} {
		if values[name] == true {
			values = maps.Clone(values)
			values[name] = false
			d["custom_field"] = values
			return name
		}
	}
	if s, has := number(d["subscription_status"]); has && s != 1 {
		d["subscription_status"] = num(1)
		return "subscription_status"
	}
	return ""
}

func wrongChoice(t *Twin, d doc) string {
	values, f := t.filledCustom(d, "dropdown", "radio")
	if f == nil {
		return ""
	}
	for _, c := range f.Choices {
		if values[f.Name] != any(c.Value) {
			values[f.Name] = c.Value
			return f.Name
		}
	}
	return ""
}

func lostTag(_ *Twin, d doc) string {
	tags, _ := d["tags"].([]any)
	if len(tags) == 0 {
		return ""
	}
	d["tags"] = slices.Clone(tags[1:])
	if len(tags) == 1 {
		delete(d, "tags")
	}
	return "tags"
}

func extraTag(_ *Twin, d doc) string {
	tags, _ := d["tags"].([]any)
	d["tags"] = append(slices.Clone(tags), "not ours")
	return "tags"
}

func changeNumber(t *Twin, d doc) string {
	values, f := t.filledCustom(d, "number")
	if f == nil {
		return ""
	}
	values[f.Name] = tenfold(values[f.Name])
	return f.Name
}

func tenfold(v any) json.Number {
	n, _ := v.(json.Number)
	if whole, isWhole := number(n); isWhole && whole != 0 {
		return num(whole * 10)
	}
	return "7"
}

func flipCheckbox(t *Twin, d doc) string {
	values, f := t.filledCustom(d, "checkbox")
	if f == nil {
		return ""
	}
	values[f.Name] = values[f.Name] != true
	return f.Name
}

func emptyField(t *Twin, d doc) string {
	values, f := t.filledCustom(d, "text", "number", "dropdown", "date", "textarea", "checkbox")
	if f == nil {
		return ""
	}
	delete(values, f.Name)
	return f.Name
}

func changeEmail(_ *Twin, d doc) string {
	all := emailsOf(d)
	if len(all) == 0 {
		return ""
	}
	d["emails"] = []any{email("wrong."+all[0], true)}
	return "email"
}

func changePhone(_ *Twin, d doc) string {
	s := text(d["mobile_number"])
	if s == "" {
		return ""
	}
	last := "0"
	if strings.HasSuffix(s, "0") {
		last = "1"
	}
	d["mobile_number"] = s[:len(s)-1] + last
	return "mobile_number"
}

// mangle is a text in UTF-8 that somebody read as Latin-1.
func mangle(_ *Twin, d doc) string {
	for _, name := range []string{"first_name", "last_name", "city"} {
		s := text(d[name])
		var out []rune
		for i := range len(s) {
			out = append(out, rune(s[i]))
		}
		if string(out) != s {
			d[name] = string(out)
			return name
		}
	}
	return ""
}

func shout(_ *Twin, d doc) string {
	for _, name := range []string{"last_name", "first_name"} {
		if s := text(d[name]); strings.ToUpper(s) != s {
			d[name] = strings.ToUpper(s)
			return name
		}
	}
	return ""
}

func moveTarget(t *Twin, d doc) string {
	now, has := number(d["target_id"])
	if !has || d["target_type"] != "Contact" {
		return ""
	}
	tab := t.store.tables[tContacts]
	for n := range tab.records {
		if id := tab.id(int32(n)); id != now && tab.records[n].now.state == live {
			d["target_id"] = num(id)
			return "targetables"
		}
	}
	return ""
}

func reopen(_ *Twin, d doc) string {
	if text(d["status"]) != "1" {
		return ""
	}
	d["status"] = num(0)
	delete(d, "completed_date")
	return "status"
}

func shiftDue(_ *Twin, d doc) string {
	ms, has := number(d["due_date"])
	if !has {
		return ""
	}
	d["due_date"] = num(ms + time.Hour.Milliseconds())
	return "due_date"
}

func changeAmount(_ *Twin, d doc) string {
	if d["amount"] == nil {
		return ""
	}
	d["amount"] = tenfold(d["amount"])
	return "amount"
}
