package twin

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// writeCustom puts custom field values into a record.
func (t *Twin) writeCustom(k *kind, d doc, in map[string]any, bulk bool) []string {
	var wrong []string
	old, _ := d["custom_field"].(map[string]any)
	kept := make(map[string]any, len(old)+len(in))
	for name, v := range old {
		kept[name] = v
	}
	for name, v := range in {
		f, known := t.account.field(k.name, name)
		if !known {
			// A client that sends all it knows, empty, works at the real one (API.md 1.3).
			if v != nil && v != "" && t.sw.is("unknown_custom_field", "refuse") {
				wrong = append(wrong, fmt.Sprintf("Custom field %s does not exist", name))
			}
			continue
		}
		if v == nil || v == "" {
			delete(kept, name)
			continue
		}
		value, problem := t.checkCustom(f, v, bulk)
		if problem != "" {
			wrong = append(wrong, f.Label+" "+problem)
			continue
		}
		kept[name] = value
	}
	delete(d, "custom_field")
	if len(kept) > 0 {
		d["custom_field"] = kept
	}
	t.markUnique(k, d, kept)
	return wrong
}

// markUnique notes which of a record's custom values must be unique.
func (t *Twin) markUnique(k *kind, d doc, kept map[string]any) {
	var marked []any
	for i := range t.account.Fields[k.name] {
		f := &t.account.Fields[k.name][i]
		if _, filled := kept[f.Name]; filled && f.Unique {
			marked = append(marked, f.Name)
		}
	}
	delete(d, "_unique")
	if marked != nil {
		d["_unique"] = marked
	}
}

// checkCustom reads one custom value (API.md 5.4, 5.5).
func (t *Twin) checkCustom(f *Field, v any, bulk bool) (kept any, problem string) {
	switch f.Type {
	case "number":
		n, ok := decimal(v)
		if !ok {
			return nil, "is not a number"
		}
		whole, part, _ := strings.Cut(strings.TrimLeft(n.String(), "-"), ".")
		if len(whole) > 11 || len(part) > 4 {
			return nil, "is not a valid number"
		}
		return n, ""
	case "checkbox":
		if b, ok := v.(bool); ok {
			return b, ""
		}
		return nil, "is invalid"
	case "date":
		if day, ok := readTime(v, t.zone); ok {
			return day.Format(time.DateOnly), ""
		}
		return nil, "is not a valid date"
	case "datetime":
		if at, ok := readTime(v, t.zone); ok {
			return at.In(t.zone).Format(timeForm), ""
		}
		return nil, "is not a valid date"
	case "dropdown", "radio":
		return t.choice(f, v, bulk)
	case "multi_select_dropdown":
		return t.choicesOf(f, v, bulk)
	}
	limit := t.sw.count("text_max")
	if f.Type == "textarea" {
		limit = t.sw.count("textarea_max")
	}
	s, ok := plainText(v)
	if !ok {
		return nil, "is invalid"
	}
	if utf8.RuneCountInString(s) > limit {
		return nil, fmt.Sprintf("is too long (maximum is %d characters)", limit)
	}
	return s, ""
}

// choice reads a drop-down value, by text or by id as the switches say. It is kept as text.
func (t *Twin) choice(f *Field, v any, bulk bool) (any, string) {
	spelling := t.sw["choice_single"]
	if bulk {
		spelling = t.sw["choice_bulk"]
	}
	for _, c := range f.Choices {
		byID := text(v) == strconv.FormatInt(c.ID, 10)
		byText := v == any(c.Value)
		if byID && spelling != "text" || byText && spelling != "id" {
			return c.Value, ""
		}
	}
	return nil, "is not included in the list"
}

// choicesOf reads a multi-select: a list, or texts joined by semicolons.
func (t *Twin) choicesOf(f *Field, v any, bulk bool) (any, string) {
	list, ok := v.([]any)
	if s, isText := v.(string); isText {
		ok = true
		for _, part := range strings.Split(s, ";") {
			list = append(list, strings.TrimSpace(part))
		}
	}
	if !ok {
		return nil, "is invalid"
	}
	kept := make([]any, 0, len(list))
	for _, one := range list {
		c, problem := t.choice(f, one, bulk)
		if problem != "" {
			return nil, problem
		}
		kept = append(kept, c)
	}
	return kept, ""
}
