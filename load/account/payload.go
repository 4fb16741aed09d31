package load

import (
	"encoding/json"
	"strings"

	"ferry/load/freshsales"
)

// payload is the JSON object a record travels as. Links are ids by now: contact and account are 0
// where there is none. A Ref is added to what is created, and to a text that replaces one.
func (a *account) payload(k *kind, f fields, contact, account int64, ref string) freshsales.Attributes {
	out, custom := map[string]any{}, map[string]any{}
	for name, v := range f {
		v = a.wire(k.entity, name, v)
		switch {
		case strings.HasPrefix(name, "@"):
		case strings.HasPrefix(name, "cf_"):
			custom[name] = v
		case name == "email" && k.entity == "contacts":
			out["emails"] = []map[string]any{{"value": v, "is_primary": true}}
		case name == k.refIn:
			out[name] = withRef(asText(v), ref)
		default:
			out[name] = v
		}
	}
	if _, says := f[k.refIn]; k.refIn != "" && !says && contact != 0 && k.entity != "documents" {
		out[k.refIn] = withRef("", ref)
	}
	if k.refIn == "" && ref != "" && a.hasField(k.entity, refField) {
		custom[refField] = ref
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
func link(k *kind, out map[string]any, contact, account int64) {
	switch k.entity {
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
			out["targetable_type"], out["targetable"] = "contact", map[string]any{"id": idText(contact)}
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
