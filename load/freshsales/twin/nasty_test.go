package twin

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// nasty are values of every JSON type, where another was expected.
var nasty = []any{
	nil, true, -1, 0, 1.5, 1e300, "", " ", "x", "-1", "99999999999999999999", "2024-13-45",
	strings.Repeat("ü", 300), "\x00\u202e",
	[]any{}, []any{nil}, []any{1, "x", m{}}, []any{[]any{[]any{}}}, m{}, m{"id": nil},
	m{"id": []any{}, "value": 1, "name": m{}},
}

// Whatever is sent, an answer comes, and the account goes on.
func TestNastyBodies(t *testing.T) {
	b := seeded(t, Config{Plan: "enterprise", Switches: Switches{"field_creation": "both", "scroll": "on", "restore": "on",
		"upsert_by": "unique", "deal_bulk": "name", "activity_dates": "both", "bulk_links": "honoured"}})
	known := map[string]string{
		"contacts": b.contact("ann@example.com"), "accounts": b.account("Acme"), "deals": "70052000001",
		"tasks": "70060000001",
		"notes": "70062000001", "appointments": "70061000001", "lists": "73000000001", "forms": "1", "fields": "1",
	}
	bodies := nastyBodies(b.twin)
	for i := range b.twin.handlers {
		h := &b.twin.handlers[i]
		kind, _, _ := strings.Cut(h.kind, ".")
		for _, id := range []string{known[kind], "x", "-1"} {
			path := strings.ReplaceAll("/"+strings.Join(h.pattern, "/"), "{}", id)
			if strings.HasPrefix(path, "/ui/") {
				path = "/crm/sales" + strings.TrimPrefix(path, "/ui")
			} else {
				path = "/api" + path
			}
			if h.method == http.MethodGet {
				b.survives(h.method,
					path+"?page=-1&per_page=99999&q=x&f=email&entities=contact,deal"+
						"&include=contact,owner,deals,contacts&limit=x&sort=x", "")
				continue
			}
			if id != known[kind] {
				b.survives(h.method, path, bodies[0])
				continue
			}
			for _, body := range bodies {
				b.survives(h.method, path, body)
			}
		}
	}
	b.call("GET", "/selector/owners", nil).is(200)
	b.dump()
}

func (b *bench) survives(method, path, body string) {
	b.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Token token="+DefaultKey)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	b.twin.ServeHTTP(w, r)
	if w.Code == http.StatusInternalServerError && !strings.Contains(w.Body.String(), "error_code") {
		b.Errorf("%s %s %.200s: %d %s", method, path, body, w.Code, w.Body)
	}
}

// nastyBodies puts every nasty value into every place a body has.
func nastyBodies(t *Twin) []string {
	flat := []string{
		"unique_identifier", "selected_ids", "owner_id", "filter_rule", "sort", "page", "name", "ids", "all", "from_list_id",
		"label", "type",
		"field_type", "choices", "internal_name", "url", "targetable_type", "targetable_id",
	}
	var out []string
	add := func(d m) { out = append(out, string(appendMap(nil, d))) }
	for _, v := range nasty {
		d := m{}
		for _, name := range flat {
			d[name] = v
		}
		for _, table := range canonTables {
			k := t.store.tables[table].kind
			inner := m{
				"emails": v, "email": v, "sales_accounts": v, "sales_account_id": v, "sales_account": v, "custom_field": v,
				"targetable_type": "Contact",
				"targetable_id":   v, "targetable": v, "contacts_added_list": v, "contacts_removed_list": v,
				"products": v, "note": v,
				"deal_stage_id": v, "deal_pipeline_id": v, "parent_sales_account_id": v, "task_users_attributes": v,
				"appointment_attendees_attributes": v,
			}
			for i := range k.attrs {
				inner[k.attrs[i].name] = v
			}
			d[k.one] = inner
			d[k.name] = []any{v, m{"id": v, "data": inner}, m{"emails": v, "name": v, "data": v},
				m{"emails": "z@example.com", "data": inner}}
		}
		add(d)
		custom := m{}
		for _, f := range t.account.Fields["contacts"] {
			custom[f.Name] = v
		}
		add(m{"contact": m{"email": "nasty@example.com", "custom_field": custom},
			"unique_identifier": m{"emails": "nasty@example.com"}, "contacts": v})
		add(m{"filter_rule": []any{m{"attribute": v, "operator": "is_in", "value": v},
			m{"attribute": "created_at", "operator": "is_after", "value": v}}})
		add(m{"unique_identifier": m{"id": v}, "contact": m{}, "sales_account": m{}, "deal": m{}, "selected_ids": []any{v},
			"ids": []any{v}, "label": "L", "choices": []any{v}})
	}
	return append(out, "", "[]", "1", `{"contact":`)
}
