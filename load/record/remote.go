package record

import (
	"encoding/json"
	"strconv"
	"strings"

	"ferry/load/freshsales"
)

// FromRemote brings a record as Freshsales returned it to the terms our fields use: custom fields
// flat, the primary address as email, tags as a set, links as ids under @ names.
func FromRemote(k *Kind, r freshsales.Record) Fields {
	f := Fields{}
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
	if k.Entity == "contacts" {
		f["email"] = r.Email()
		f["emails"] = AsSet(r.Emails())
		f[AccountLink] = IdList(r.Records("sales_accounts"))
	}
	if k.Entity == "deals" {
		f[AccountLink] = r.Text("sales_account_id")
		if list := r.Records("contacts"); list != nil {
			f[ContactLink] = IdList(list)
		}
	}
	if k.RefIn != "" {
		f[k.RefIn] = withoutRef(r.Text(k.RefIn))
	}
	for _, t := range r.Records("targetables") {
		if strings.EqualFold(t.Text("type"), "contact") {
			f[ContactLink] = t.Text("id")
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

func IdList(list []freshsales.Record) []string {
	ids := []string{}
	for _, r := range list {
		ids = append(ids, strconv.FormatInt(r.ID(), 10))
	}
	return AsSet(ids)
}

// WithRef puts the Ref where a human does not stumble on it: on a last line of its own.
func WithRef(text, ref string) string {
	if ref == "" {
		return text
	}
	text = strings.TrimRight(text, "\n ")
	if text == "" {
		return "Ref: " + ref
	}
	return text + "\n\nRef: " + ref
}

func withoutRef(text string) string {
	if i := strings.LastIndex(text, "Ref: ferry-"); i >= 0 && RefIn(text) != "" {
		return strings.TrimRight(text[:i], "\n ")
	}
	return text
}
