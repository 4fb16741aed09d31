package load

import (
	"encoding/json"
	"strconv"
	"strings"

	"ferry/load/freshsales"
)

// liveFields brings a record as Freshsales returned it to the terms our fields use: custom fields
// flat, the primary address as email, tags as a set, links as ids under @ names.
func liveFields(k *kind, r freshsales.Record) fields {
	f := fields{}
	for name, v := range r {
		switch x := v.(type) {
		case string, bool, json.Number, nil:
			f[name] = x
		case []any:
			if isTexts(x) {
				f[name] = plain(x)
			}
		}
	}
	for name, v := range r.Custom() {
		f[name] = plain(v)
	}
	if k.entity == "contacts" {
		f["email"] = r.Email()
		f[accountLink] = idList(r.Records("sales_accounts"))
	}
	if k.entity == "deals" {
		f[accountLink] = r.Text("sales_account_id")
		if list := r.Records("contacts"); list != nil {
			f[contactLink] = idList(list)
		}
	}
	if k.refIn != "" {
		f[k.refIn] = withoutRef(r.Text(k.refIn))
	}
	for _, t := range r.Records("targetables") {
		if strings.EqualFold(t.Text("type"), "contact") {
			f[contactLink] = t.Text("id")
		}
	}
	return f
}

func isTexts(list []any) bool {
	for _, e := range list {
		switch e.(type) {
		case string, json.Number:
		default:
			return false
		}
	}
	return true
}

func idList(list []freshsales.Record) []string {
	ids := []string{}
	for _, r := range list {
		ids = append(ids, strconv.FormatInt(r.ID(), 10))
	}
	return asSet(ids)
}

// withRef puts the Ref where a human does not stumble on it: on a last line of its own.
func withRef(text, ref string) string {
	text = strings.TrimRight(text, "\n ")
	if text == "" {
		return "Ref: " + ref
	}
	return text + "\n\nRef: " + ref
}

func withoutRef(text string) string {
	if i := strings.LastIndex(text, "Ref: ferry-"); i >= 0 && refIn(text) != "" {
		return strings.TrimRight(text[:i], "\n ")
	}
	return text
}
