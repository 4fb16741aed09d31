package twin

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// write puts what a client sent into a record and returns what is wrong with it. Attributes the
// kind does not know are tolerated (API.md 1.3); an absent one is left alone, null clears.
func (t *Twin) write(k *kind, d doc, in map[string]any, bulk bool) []string {
	var wrong []string
	for i := range k.attrs {
		a := &k.attrs[i]
		v, sent := in[a.name]
		if !sent {
			continue
		}
		if v == nil || v == "" {
			delete(d, a.name)
			continue
		}
		kept, problem := t.check(a, v)
		switch {
		case problem != "":
			wrong = append(wrong, problem)
		case kept == nil:
			delete(d, a.name)
		default:
			d[a.name] = kept
		}
	}
	if custom, sent := in["custom_field"].(map[string]any); sent && customFields[k.name] {
		wrong = append(wrong, t.writeCustom(k, d, custom, bulk)...)
	}
	return wrong
}

// customFields are the kinds that have custom fields.
var customFields = map[string]bool{"contacts": true, "sales_accounts": true, "deals": true, "sales_activities": true}

// check reads one value.
func (t *Twin) check(a *attribute, v any) (kept any, problem string) {
	switch a.form {
	case aText:
		s, ok := plainText(v)
		if !ok {
			return nil, a.label + " is invalid"
		}
		if a.max > 0 && utf8.RuneCountInString(s) > a.max {
			return nil, fmt.Sprintf("%s is too long (maximum is %d characters)", a.label, a.max)
		}
		return s, ""
	case aInteger:
		if n, ok := v.(json.Number); ok {
			if _, err := strconv.ParseInt(n.String(), 10, 64); err == nil {
				return n, ""
			}
		}
		return nil, a.label + " is not a number"
	case aDecimal:
		n, ok := decimal(v)
		if !ok {
			return nil, a.label + " is not a number"
		}
		return n, ""
	case aBoolean:
		if b, ok := v.(bool); ok {
			return b, ""
		}
		return nil, a.label + " is invalid"
	case aDate:
		if day, ok := readTime(v, t.zone); ok {
			return day.Format(time.DateOnly), ""
		}
		return nil, ""
	case aTime:
		if at, ok := readTime(v, t.zone); ok {
			return num(at.UnixMilli()), ""
		}
		return nil, a.label + " is invalid"
	case aRef:
		id, ok := number(v)
		if ok {
			_, ok = t.account.item(a.list, id)
		}
		if !ok {
			return nil, "Invalid " + a.noun + " provided."
		}
		return num(id), ""
	case aTags:
		return readTags(v, a.label)
	}
	return v, ""
}

func plainText(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}

// decimal reads a number, refusing what a double cannot hold exactly (API.md 4.3).
func decimal(v any) (json.Number, bool) {
	s, ok := plainText(v)
	if !ok {
		return "", false
	}
	f, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || math.IsNaN(f) || math.Abs(f) > 1<<53 {
		return "", false
	}
	return json.Number(strings.TrimSpace(s)), true
}

func readTags(v any, label string) (any, string) {
	list, ok := v.([]any)
	if !ok {
		return nil, label + " is invalid"
	}
	seen := map[string]bool{}
	kept := []any{}
	for _, tag := range list {
		s, ok := tag.(string)
		if !ok {
			return nil, label + " is invalid"
		}
		if s = strings.TrimSpace(s); s != "" && !seen[s] {
			seen[s] = true
			kept = append(kept, s)
		}
	}
	if len(kept) == 0 {
		return nil, ""
	}
	return kept, ""
}

// timeForms are the spellings of a moment that were seen to be accepted (API.md 4.4, 4.7).
var timeForms = []string{
	time.RFC3339Nano,
	"2006-01-02T15:04:05",
	"2006-01-02 15:04:05 -0700",
	"2006-01-02 15:04:05",
	"Mon Jan 02 2006 15:04:05 GMT-0700",
	"Mon, 02 Jan 2006 15:04:05 -0700",
	"2006-01-02T15:04",
	time.DateOnly,
}

func readTime(v any, zone *time.Location) (time.Time, bool) {
	s, ok := v.(string)
	if !ok {
		return time.Time{}, false
	}
	s, _, _ = strings.Cut(s, " (")
	for _, form := range timeForms {
		if at, err := time.ParseInLocation(form, s, zone); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}
