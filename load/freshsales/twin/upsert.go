package twin

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

func upsertOne(table int) func(*Twin, *request) answer {
	return func(t *Twin, q *request) answer {
		tab := t.store.tables[table]
		in, found := wrapped(q, tab.kind.one)
		by, named := q.in["unique_identifier"].(map[string]any)
		if !found || !named || len(by) == 0 {
			return refuse("Invalid or missing attributes")
		}
		id, wrong := t.identify(table, by, false)
		if wrong != "" {
			return refuse(wrong)
		}
		if id != 0 {
			if wrong := t.change(table, q, id, in, false); len(wrong) > 0 {
				return refuse(wrong...)
			}
			return t.one(table, q, id, http.StatusOK)
		}
		id, problems := t.create(table, q, withIdentifier(in, by), false)
		if problems != nil {
			return refuse(problems...)
		}
		return t.createReply(t.one(table, q, id, t.sw.count("upsert_create_code")))
	}
}

// withIdentifier lets a created record have the identifier it was asked for by.
func withIdentifier(in, by map[string]any) map[string]any {
	out := maps.Clone(in)
	for name, v := range by {
		_, sent := out[name]
		_, single := out["email"]
		switch {
		case sent || name == "id" || name == "emails" && single:
		case strings.HasPrefix(name, "cf_"):
			custom, _ := out["custom_field"].(map[string]any)
			custom = maps.Clone(custom)
			if custom == nil {
				custom = map[string]any{}
			}
			custom[name] = v
			out["custom_field"] = custom
		default:
			out[name] = v
		}
	}
	return out
}

// identify finds the record an upsert means; 0 is none, so create (API.md 3.5, 10.8, 10.9).
func (t *Twin) identify(table int, by map[string]any, bulk bool) (int64, string) {
	tab := t.store.tables[table]
	for name, v := range by {
		if v == nil || text(v) == "" {
			return 0, "Unique identifier can't be blank"
		}
		if name == "id" && (bulk || table == tDeals || t.sw.is("upsert_by", "unique")) {
			id, _ := number(v)
			if _, there := tab.find(id, live); !there {
				return 0, missingIdentifier(tab.kind)
			}
			return id, ""
		}
		byName := bulk && table == tDeals && name == "name" // bulk refuses it earlier where it must (API.md 10.16)
		if !byName && !t.identifies(table, name) {
			return 0, fmt.Sprintf("%s is not a unique identifier", name)
		}
		if name == "emails" {
			name = "email"
		}
		found := tab.holders(key(name, text(v)), live)
		switch {
		case len(found) == 0 && t.sw.is("upsert_none", "refuse"):
			return 0, missingIdentifier(tab.kind)
		case len(found) == 0:
			return 0, ""
		case len(found) > 1 && t.sw.is("upsert_many", "refuse"):
			return 0, "More than one record matches the unique identifier"
		}
		return tab.id(slices.Min(found)), ""
	}
	return 0, ""
}

func missingIdentifier(k *kind) string {
	return fmt.Sprintf("No %s matches the unique identifier", k.noun)
}

// identifies says whether upsert takes an attribute as identifier.
func (t *Twin) identifies(table int, name string) bool {
	switch {
	case table == tContacts && name == "emails", table == tAccounts && name == "name":
		return true
	case t.sw.is("upsert_by", "documented"):
		return false
	}
	f, custom := t.account.field(t.store.tables[table].kind.name, name)
	return custom && f.Unique || table == tContacts && (name == "mobile_number" || name == "external_id")
}
