package twin

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

func searchRoutes(add adder) {
	add("GET", "search", "search.search", (*Twin).search)
	add("GET", "lookup", "search.lookup", (*Twin).lookup)
	add("POST", "filtered_search/{}", "search.filtered", (*Twin).filteredSearch)
}

var searchable = []int{tContacts, tAccounts, tDeals}

func (t *Twin) tableNamed(one string) (int, bool) {
	for _, table := range searchable {
		if t.store.tables[table].kind.one == one {
			return table, true
		}
	}
	return 0, false
}

// search finds a term anywhere; the answer is a bare array with ids as strings (API.md 6.2).
func (t *Twin) search(q *request) answer {
	term := strings.ToLower(strings.TrimSpace(q.query.Get("q")))
	_, limit := paging(q)
	rows := []object{}
	for _, one := range strings.Split(q.query.Get("include"), ",") {
		table, known := t.tableNamed(strings.TrimSpace(one))
		if !known || term == "" {
			continue
		}
		tab := t.store.tables[table]
		tab.created.walk(0, false, func(n int32) bool {
			d := tab.doc(tab.records[n].shown)
			if t.visible(q, d) && holds(tab.kind, d, term) {
				rows = append(rows, t.searchRow(table, tab.id(n), d))
			}
			return len(rows) < limit
		})
	}
	return ok(http.StatusOK, rows)
}

func holds(k *kind, d doc, term string) bool {
	for _, key := range k.keys(d) {
		if _, value, _ := strings.Cut(key, "\x00"); strings.Contains(value, term) {
			return true
		}
	}
	return false
}

func (t *Twin) searchRow(table int, id int64, d doc) object {
	name, address := d["name"], any(nil)
	if table == tContacts {
		name = displayName(d)
		if all := emailsOf(d); len(all) > 0 {
			address = all[0]
		}
	}
	return object{
		{"id", strconv.FormatInt(id, 10)}, {"type", t.store.tables[table].kind.one}, {"name", name},
		{"email", address}, {"avatar", nil}, {"company_name", nil}, {"updated_at", t.moment(d["updated_at"])},
	}
}

// lookup finds an exact value of one field (API.md 6.3).
func (t *Twin) lookup(q *request) answer {
	value, field := q.query.Get("q"), q.query.Get("f")
	if value == "" || field == "" || q.query.Get("entities") == "" {
		return refuse("Invalid or missing attributes")
	}
	if field == "emails" {
		field = "email"
	}
	var out object
	for _, one := range strings.Split(q.query.Get("entities"), ",") {
		table, known := t.tableNamed(strings.TrimSpace(one))
		if !known {
			continue
		}
		tab := t.store.tables[table]
		rows := []object{}
		for _, n := range t.lookupIn(table, field, value) {
			d := tab.doc(tab.records[n].shown)
			if t.visible(q, d) && len(rows) < maxPerPage {
				rows = append(rows, t.render(table, q, tab.id(n), d))
			}
		}
		if t.sw.is("lookup_shape", "flat") {
			out = append(out, member{tab.kind.name, rows})
		} else {
			out = append(out, member{tab.kind.name, object{{tab.kind.name, rows}}})
		}
	}
	return ok(http.StatusOK, out)
}

func (t *Twin) lookupIn(table int, field, value string) []int32 {
	tab := t.store.tables[table]
	f, custom := t.account.field(tab.kind.name, field)
	if !custom || f.Unique {
		found := tab.shownHolders(key(field, value))
		slices.Sort(found)
		return found
	}
	var found []int32
	tab.created.walk(0, false, func(n int32) bool {
		values, _ := tab.doc(tab.records[n].shown)["custom_field"].(map[string]any)
		if s, ok := plainText(values[field]); ok && strings.EqualFold(s, value) {
			found = append(found, n)
		}
		return len(found) < maxPerPage
	})
	return found
}

// filteredSearch picks records by rules that must all hold (API.md 6.4).
func (t *Twin) filteredSearch(q *request) answer {
	table, known := t.tableNamed(q.ids[0])
	if !known {
		return nowhere()
	}
	rules, _ := q.in["filter_rule"].([]any)
	if len(rules) == 0 {
		return refuse("filter_rule can't be blank")
	}
	var checks []func(int64, doc) bool
	for _, r := range rules {
		m, _ := r.(map[string]any)
		check, known := t.rule(text(m["attribute"]), text(m["operator"]), m["value"])
		if !known {
			return refuse("Invalid filter rule")
		}
		checks = append(checks, check)
	}
	return t.list(table, q, &viewDef{}, func(id int64, d doc) bool {
		for _, check := range checks {
			if !check(id, d) {
				return false
			}
		}
		return true
	})
}

// rule is one condition.
func (t *Twin) rule(attribute, operator string, value any) (func(int64, doc) bool, bool) {
	wanted := wantedValues(value)
	switch operator {
	case "is_in", "is":
		return func(id int64, d doc) bool {
			for _, v := range valuesOf(id, d, attribute) {
				if slices.Contains(wanted, strings.ToLower(v)) {
					return true
				}
			}
			return false
		}, true
	case "is_before", "is_after":
		at, valid := readTime(value, t.zone)
		return func(_ int64, d doc) bool {
			ms, has := number(d[attribute])
			if !has {
				return false
			}
			if operator == "is_before" {
				return time.UnixMilli(ms).Before(at)
			}
			return time.UnixMilli(ms).After(at)
		}, valid
	}
	return nil, false
}

func wantedValues(value any) []string {
	list, isList := value.([]any)
	if !isList {
		list = []any{value}
	}
	var out []string
	for _, v := range list {
		if s, ok := plainText(v); ok {
			out = append(out, strings.ToLower(s))
		}
	}
	return out
}

// valuesOf are a record's values of an attribute, as text.
func valuesOf(id int64, d doc, attribute string) []string {
	switch attribute {
	case "id":
		return []string{strconv.FormatInt(id, 10)}
	case "email", "emails", "contact_email.email":
		return emailsOf(d)
	}
	v := d[attribute]
	if custom, _ := d["custom_field"].(map[string]any); strings.HasPrefix(attribute, "cf_") {
		v = custom[attribute]
	}
	if list, isList := v.([]any); isList {
		return wantedValues(list)
	}
	if s, ok := plainText(v); ok {
		return []string{s}
	}
	return nil
}
