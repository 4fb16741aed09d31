package twin

import (
	"maps"
	"slices"
	"strings"
)

// fill writes attributes into a document, and checks it as a whole by the rules of its kind.
func (t *Twin) fill(table int, q *request, id int64, d doc, in map[string]any, w writing) []string {
	if table == tActivities {
		in = t.isoDates(in)
	}
	wrong := t.write(t.store.tables[table].kind, d, in, w.bulk)
	var unique []uniqueValue
	switch table {
	case tContacts:
		wrong = append(wrong, t.contactWrite(d, in, w)...)
		unique = t.contactUnique(d)
	case tAccounts:
		wrong = append(wrong, t.accountWrite(d, in)...)
		unique = accountUnique(d)
	case tDeals:
		wrong = append(wrong, t.dealWrite(q, d, in, w)...)
		unique = customUnique(d)
	case tTasks:
		wrong = append(wrong, t.taskWrite(q, d, in, w)...)
	case tAppointments:
		wrong = append(wrong, t.appointmentWrite(d, in)...)
	case tNotes:
		wrong = append(wrong, t.noteWrite(d, in)...)
	case tActivities:
		wrong = append(wrong, t.activityWrite(d, in)...)
	}
	wrong = append(wrong, t.requiredFields(t.store.tables[table].kind, d, in, w)...)
	for _, u := range unique {
		if t.taken(table, id, u.key) {
			wrong = append(wrong, u.words)
		}
	}
	return wrong
}

// requiredFields is which fields the tenant requires, custom or standard, and a new record lacks.
func (t *Twin) requiredFields(k *kind, d doc, in map[string]any, w writing) []string {
	if !w.creating || !customFields[k.name] {
		return nil
	}
	values, _ := d["custom_field"].(map[string]any)
	sent, _ := in["custom_field"].(map[string]any)
	var wrong []string
	for i := range t.account.Fields[k.name] {
		f := &t.account.Fields[k.name][i]
		switch {
		case !f.Required:
		case strings.HasPrefix(f.Name, "cf_"):
			wrong = append(wrong, blank(values, sent, f.Name, f.Label+" can't be blank")...)
		default:
			wrong = append(wrong, blank(d, in, f.Name, f.Label+" can't be blank")...)
		}
	}
	return wrong
}

// afterCreate is what the account does by itself when something has been made.
func (t *Twin) afterCreate(table int, q *request, id int64, d doc) {
	switch table {
	case tContacts:
		if t.sw.on("workflow_tasks") {
			t.create(tTasks, q, map[string]any{
				"title": "New Lead Creation", "due_date": q.now.In(t.zone).Format(timeForm), "owner_id": d["owner_id"],
				"targetable_type": "Contact", "targetable_id": num(id),
			}, false)
		}
	case tDeals:
		t.moveContacts(q, d)
		if t.sw.on("deals_touch_contacts") {
			for _, contact := range contactsOf(d) {
				t.touch(q, contact)
			}
		}
	case tTasks, tNotes, tAppointments, tActivities, tCalls:
		if contact, has := number(d["target_id"]); has && d["target_type"] == "Contact" && t.sw.on("tasks_touch_contacts") {
			t.touch(q, contact)
		}
	}
}

// afterChange is what the account does by itself when something has been changed.
func (t *Twin) afterChange(table int, q *request, before, after doc) {
	if table == tDeals && before["deal_stage_id"] != after["deal_stage_id"] {
		t.moveContacts(q, after)
	}
}

// touch bumps a contact's updated_at and nothing else.
func (t *Twin) touch(q *request, id int64) {
	if d, there := t.store.tables[tContacts].get(id); there {
		d["updated_at"] = num(q.now.UnixMilli())
		t.store.tables[tContacts].put(id, d, live, q.now)
	}
}

// moveContacts is the automatic lifecycle move, on by default: a deal makes its contacts Sales
// Qualified Leads, a won deal makes them Customers (API.md 3.10). Nobody is moved backwards.
func (t *Twin) moveContacts(q *request, deal doc) {
	if !t.sw.on("auto_lifecycle") {
		return
	}
	to := "Sales Qualified Lead"
	if t.stageOf(deal).Type == "Won" {
		to = "Customer"
	}
	position := func(stage any) int {
		id, _ := number(stage)
		return slices.IndexFunc(t.account.LifecycleStages, func(s Item) bool { return s.ID == id })
	}
	target := slices.IndexFunc(t.account.LifecycleStages, func(s Item) bool { return s.Type == to })
	if target < 0 {
		return
	}
	for _, id := range contactsOf(deal) {
		d, there := t.store.tables[tContacts].get(id)
		if !there || position(d["lifecycle_stage_id"]) >= target {
			continue
		}
		d = maps.Clone(d)
		d["lifecycle_stage_id"] = num(t.account.LifecycleStages[target].ID)
		delete(d, "contact_status_id")
		if status, found := t.firstStatus(d["lifecycle_stage_id"]); found {
			d["contact_status_id"] = num(status.ID)
		}
		d["updated_at"] = num(q.now.UnixMilli())
		t.store.tables[tContacts].put(id, d, live, q.now)
	}
}

func (t *Twin) stageOf(deal doc) Item {
	id, _ := number(deal["deal_stage_id"])
	stage, _ := t.account.item("deal_stages", id)
	return stage
}

func contactsOf(deal doc) []int64 {
	list, _ := deal["contact_ids"].([]any)
	var out []int64
	for _, v := range list {
		if id, isID := number(v); isID {
			out = append(out, id)
		}
	}
	return out
}
