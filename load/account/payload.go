package account

import (
	"encoding/json"
	"maps"
	"strings"

	"ferry/load/freshsales"
	"ferry/load/record"
)

// Payload is the JSON object a record travels as in a call of its own. Links are ids by now: contact and account are 0
// where there is none. A Ref is added to what is created.
func (a *Account) Payload(k *record.Kind, f record.Fields, contact, account int64, ref string) freshsales.Attributes {
	if _, says := f[k.RefIn]; k.RefIn != "" && !says && contact != 0 {
		f = maps.Clone(f)
		f[k.RefIn] = "" // it holds the Ref alone
	}
	return a.payload(k, f, contact, account, ref, Singly)
}

// Change is the same of what changes in a record: a text that replaces one keeps the Ref, and one that stays is not named.
func (a *Account) Change(k *record.Kind, f record.Fields, contact, account int64, ref string) freshsales.Attributes {
	return a.payload(k, f, contact, account, ref, Singly)
}

// BulkPayload is the same as an item of a bulk call.
func (a *Account) BulkPayload(k *record.Kind, f record.Fields, account int64, ref string) freshsales.Attributes {
	return a.payload(k, f, 0, account, ref, InBulk)
}

func (a *Account) payload(k *record.Kind, f record.Fields, contact, account int64, ref,
	calls string) freshsales.Attributes {
	out, custom := map[string]any{}, map[string]any{}
	for name, v := range f {
		v = a.wire(k.Entity, name, v, calls)
		switch {
		case strings.HasPrefix(name, "@"):
		case strings.HasPrefix(name, "cf_"):
			custom[a.LiveName(k.Entity, name)] = v
		case name == "email" && k.Entity == "contacts":
			out["emails"] = []map[string]any{{"value": v, "is_primary": true}}
		case name == k.RefIn:
			out[name] = record.WithRef(record.AsText(v), ref)
		default:
			out[name] = v
		}
	}
	if k.RefIn == "" && ref != "" && a.HasField(k.Entity, record.RefField) {
		custom[a.LiveName(k.Entity, record.RefField)] = ref
	}
	if len(custom) > 0 {
		out["custom_field"] = custom
	}
	link(k, out, contact, account)
	text, err := json.Marshal(out)
	if err != nil {
		panic(err) // fields hold plain values only
	}
	return text
}

// link puts the ids of a record's parents where its kind wants them.
func link(k *record.Kind, out map[string]any, contact, account int64) {
	switch k.Entity {
	case "contacts":
		if account != 0 {
			out["sales_accounts"] = []map[string]any{{"id": account, "is_primary": true}}
		}
	case "accounts":
	case "deals":
		if contact != 0 {
			out["contacts_added_list"] = []int64{contact}
		}
		if account != 0 {
			out["sales_account_id"] = account
		}
	case "phone_calls":
		if contact != 0 {
			out["targetable_type"], out["targetable"] = "contact", map[string]any{"id": record.IdText(contact)}
		}
		if text, ok := out["note"].(string); ok {
			out["note"] = map[string]any{"description": text}
		}
	default:
		if contact != 0 {
			out["targetable_type"], out["targetable_id"] = "Contact", contact
		}
	}
}
