package twin

import "strings"

// asked says whether include asks for a side-load.
func asked(q *request, name string) bool {
	if q.query == nil {
		return false
	}
	for _, n := range strings.Split(q.query.Get("include"), ",") {
		if strings.TrimSpace(n) == name {
			return true
		}
	}
	return false
}

// included is what include adds beside the records (API.md 1.3, 1.6).
func (t *Twin) included(table int, q *request, records []doc) object {
	var out object
	var people []object
	seen := map[int64]bool{}
	for _, who := range []struct{ include, attribute string }{
		{"owner", "owner_id"}, {"creater", "creater_id"}, {"updater", "updater_id"},
	} {
		if !asked(q, who.include) {
			continue
		}
		for _, d := range records {
			id, _ := number(d[who.attribute])
			if owner, known := t.account.item("owners", id); known && !seen[id] {
				seen[id] = true
				people = append(people, renderOwner(owner))
			}
		}
	}
	if people != nil {
		out = append(out, member{"users", people})
	}
	for _, side := range sideLoads[table] {
		if !asked(q, side.include) {
			continue
		}
		items := []object{}
		for _, d := range records {
			id, _ := number(d[side.attribute])
			if it, known := t.account.item(side.list, id); known {
				items = append(items, t.renderItem(side.list, it, 0))
			}
		}
		out = append(out, member{side.list, items})
	}
	if table == tDeals {
		out = append(out, t.dealSides(q, records)...)
	}
	return out
}

// hangingSides are the records that hang on one record, where include asks for them.
func (t *Twin) hangingSides(table int, q *request, id int64) object {
	var out object
	for _, side := range hangingLists[table] {
		tab := t.store.tables[side.of]
		if !asked(q, tab.kind.name) {
			continue
		}
		rows := []object{}
		for _, n := range t.hanging(table, side.of, side.index, id) {
			rows = append(rows, t.render(side.of, &request{now: q.now}, tab.id(n), tab.doc(tab.records[n].now)))
		}
		out = append(out, member{tab.kind.name, rows})
	}
	return out
}

type hangingList struct {
	of    int
	index string
}

var hangingLists = map[int][]hangingList{
	tContacts: {{tTasks, "target"}, {tAppointments, "target"}, {tNotes, "target"}, {tDeals, "contact"}},
	tAccounts: {{tTasks, "target"}, {tAppointments, "target"}, {tContacts, "account"}, {tDeals, "account"}},
	tDeals:    {{tTasks, "target"}, {tAppointments, "target"}, {tNotes, "target"}, {tActivities, "target"}},
}

type sideLoad struct{ include, attribute, list string }

var sideLoads = map[int][]sideLoad{
	tContacts: {
		{"lifecycle_stage", "lifecycle_stage_id", "lifecycle_stages"},
		{"contact_status", "contact_status_id", "contact_statuses"},
		{"territory", "territory_id", "territories"},
		{"source", "lead_source_id", "lead_sources"},
		{"campaign", "campaign_id", "campaigns"},
	},
	tAccounts: {
		{"territory", "territory_id", "territories"},
		{"business_type", "business_type_id", "business_types"},
		{"industry_type", "industry_type_id", "industry_types"},
	},
	tDeals: {
		{"source", "lead_source_id", "lead_sources"},
		{"deal_stage", "deal_stage_id", "deal_stages"},
		{"deal_type", "deal_type_id", "deal_types"},
		{"deal_reason", "deal_reason_id", "deal_reasons"},
		{"campaign", "campaign_id", "campaigns"},
	},
}
