package twin

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

func activityRoutes(add adder) {
	for _, a := range []struct {
		table int
		name  string
	}{{tTasks, "tasks"}, {tAppointments, "appointments"}, {tNotes, "notes"}, {tActivities, "sales_activities"}} {
		code := "activity_create_code"
		if a.table == tNotes {
			code = "create_code"
		}
		add("POST", a.name, a.name+".create", createOne(a.table, code))
		add("PUT", a.name+"/{}", a.name+".update", updateOne(a.table))
		add("DELETE", a.name+"/{}", a.name+".delete", deleteActivity(a.table))
		if a.table != tNotes { // a note cannot be read by itself (API.md 4.6)
			add("GET", a.name+"/{}", a.name+".get", getOne(a.table))
			add("GET", a.name, a.name+".list", listActivities(a.table))
		}
	}
}

// activityRoutesOf are the lists of what hangs on a record.
func activityRoutesOf(add adder, path, kind string, table int) {
	add("GET", path+"/{}/notes", kind+".notes", related(table, tNotes, "target"))
	add("GET", path+"/{}/tasks", kind+".tasks", related(table, tTasks, "target"))
	add("GET", path+"/{}/appointments", kind+".appointments", related(table, tAppointments, "target"))
	add("GET", path+"/{}/document_associations", kind+".documents", documentsOf(table))
	add("GET", path+"/{}/conversations/all", kind+".conversations", conversations(table))
	add("GET", path+"/{}/timeline_feeds", kind+".timeline", activityFeed(table, "timeline_feeds"))
	add("GET", path+"/{}/activities", kind+".activities", activityFeed(table, "activities"))
	add("GET", path+"/{}/activities.json", kind+".activities", activityFeed(table, "activities"))
}

// targetTables are the records an activity can hang on, by targetable_type.
var targetTables = map[string]int{"contact": tContacts, "salesaccount": tAccounts, "deal": tDeals}

// writeTarget links an activity to a record.
func (t *Twin) writeTarget(d doc, in map[string]any) []string {
	class, id := text(in["targetable_type"]), in["targetable_id"]
	if nested, isObject := in["targetable"].(map[string]any); isObject && id == nil {
		id = nested["id"]
	}
	if class == "" && id == nil {
		return nil
	}
	table, known := targetTables[strings.ToLower(strings.ReplaceAll(class, "_", ""))]
	n, isID := number(id)
	if !known || !isID {
		return []string{"Targetable is invalid"}
	}
	if _, there := t.store.tables[table].find(n, live); !there {
		return []string{"Targetable is invalid"}
	}
	d["target_type"], d["target_id"] = t.store.tables[table].kind.class, num(n)
	return nil
}

// blank complains of an attribute that must be there and is not. One that was sent and refused has
// been complained of already.
func blank(d doc, in map[string]any, attribute, words string) []string {
	for _, v := range []any{d[attribute], in[attribute]} {
		if s, isText := v.(string); v != nil && (!isText || strings.TrimSpace(s) != "") {
			return nil
		}
	}
	return []string{words}
}

func (t *Twin) taskWrite(q *request, d doc, in map[string]any, w writing) []string {
	wrong := append(blank(d, in, "title", "Title can't be blank"), blank(d, in, "due_date", "Due date can't be blank")...)
	wrong = append(wrong, t.writeTarget(d, in)...)
	if t.sw.on("task_needs_target") && d["target_id"] == nil {
		wrong = append(wrong, "Targetable can't be blank")
	}
	if list, sent := in["task_users_attributes"].([]any); sent {
		d["users"] = list
	}
	if w.creating && d["owner_id"] == nil {
		d["owner_id"] = num(q.user)
	}
	status, _ := number(d["status"])
	if status != 0 && status != 1 {
		return append(wrong, "Status is invalid")
	}
	d["status"] = num(status)
	if status == 0 {
		delete(d, "completed_date")
	} else if d["completed_date"] == nil { // set by the server, never by a client (API.md 4.4)
		d["completed_date"] = num(q.now.UnixMilli())
	}
	return wrong
}

func (t *Twin) appointmentWrite(d doc, in map[string]any) []string {
	wrong := append(blank(d, in, "title", "Title can't be blank"),
		blank(d, in, "from_date", "From date can't be blank")...)
	wrong = append(wrong, blank(d, in, "end_date", "End date can't be blank")...)
	if zone := text(d["time_zone"]); zone != "" && !railsZones[zone] {
		wrong = append(wrong, "Not a supported time zone")
	}
	if list, sent := in["appointment_attendees_attributes"].([]any); sent {
		d["attendees"] = list
	}
	return append(wrong, t.writeTarget(d, in)...)
}

func (t *Twin) noteWrite(d doc, in map[string]any) []string {
	wrong := append(blank(d, in, "description", "Description can't be empty"), t.writeTarget(d, in)...)
	if d["target_id"] == nil {
		wrong = append(wrong, "Targetable can't be blank")
	}
	return wrong
}

func (t *Twin) activityWrite(d doc, in map[string]any) []string {
	var wrong []string
	wrong = append(wrong, t.writeTarget(d, in)...)
	for _, must := range []struct{ attribute, words string }{
		{"title", "Title can't be blank"}, {"sales_activity_type_id", "Sales activity type can't be blank"},
		{"owner_id", "Owner can't be blank"}, {"target_id", "Targetable can't be blank"},
	} {
		wrong = append(wrong, blank(d, in, must.attribute, must.words)...)
	}
	id, _ := number(d["sales_activity_type_id"])
	if kind, known := t.account.item("sales_activity_types", id); known && !standardType(kind.Type) && !t.plan.custom {
		wrong = append(wrong, "Custom sales activities are not available in your plan")
	}
	return wrong
}

// isoDates spells dates sent as Unix seconds the usual way, where the switch lets them be sent.
func (t *Twin) isoDates(in map[string]any) map[string]any {
	if t.sw.is("activity_dates", "iso") {
		return in
	}
	out := maps.Clone(in)
	for _, name := range []string{"start_date", "end_date"} {
		if s, isNumber := number(in[name]); isNumber {
			out[name] = time.Unix(s, 0).UTC().Format(time.RFC3339)
		}
	}
	return out
}

// deleteActivity deletes for good: no recycle bin is known for activities.
func deleteActivity(table int) func(*Twin, *request) answer {
	return func(t *Twin, q *request) answer {
		id, isID := q.id(0)
		if !isID {
			return nowhere()
		}
		if !t.remove(table, q, id, erased) {
			return missing(t.store.tables[table].kind.noun)
		}
		return ok(http.StatusOK, object{{"success", "200"}})
	}
}

// related lists what hangs on a record, newest first.
func related(table, of int, index string) func(*Twin, *request) answer {
	return func(t *Twin, q *request) answer {
		id, isID := q.id(0)
		if !isID {
			return nowhere()
		}
		parent, there := t.store.tables[table].get(id)
		if !there || !t.visible(q, parent) {
			return missing(t.store.tables[table].kind.noun)
		}
		page, perPage := paging(q)
		all := t.hanging(table, of, index, id)
		skip := min((page-1)*perPage, len(all))
		tab := t.store.tables[of]
		rows, docs := []object{}, []doc{}
		for _, n := range all[skip:min(skip+perPage, len(all))] {
			d := tab.doc(tab.records[n].now)
			docs = append(docs, d)
			rows = append(rows, t.render(of, q, tab.id(n), d))
		}
		return listed(tab.kind.name, rows, len(all), page, perPage, t.included(of, q, docs))
	}
}

// hanging are the record numbers of what hangs on a record, newest first.
func (t *Twin) hanging(table, of int, index string, id int64) []int32 {
	value := num(id).String()
	if index == "target" {
		value = t.store.tables[table].kind.class + value
	}
	all := t.store.tables[of].holders(key(index, value), live)
	slices.Sort(all)
	slices.Reverse(all)
	return all
}

// listActivities lists by a filter; tasks tell no number of pages (API.md 1.6, 4.4).
func listActivities(table int) func(*Twin, *request) answer {
	return func(t *Twin, q *request) answer {
		keep, known := t.activityFilter(table, q)
		if !known {
			return refuse("Invalid filter")
		}
		if table == tTasks && q.query.Get("per_page") == "0" && q.query.Get("page") == "0" {
			return broken() // seen at the real one
		}
		tab := t.store.tables[table]
		page, perPage := paging(q)
		found, total := t.rowsOf(table, q, &viewDef{}, keep, (page-1)*perPage, perPage)
		rows, docs := make([]object, len(found)), make([]doc, len(found))
		for i, n := range found {
			docs[i] = tab.doc(tab.records[n].shown)
			rows[i] = t.activityRow(t.render(table, q, tab.id(n), docs[i]))
		}
		if table == tTasks {
			out := append(object{{tab.kind.name, rows}}, t.included(table, q, docs)...)
			return ok(http.StatusOK, append(out, member{"meta", object{{"total", total}}}))
		}
		return listed(tab.kind.name, rows, total, page, perPage, t.included(table, q, docs))
	}
}

// activityRow is an activity as its list shows it.
func (t *Twin) activityRow(o object) object {
	if t.sw.is("activity_rows", "whole") {
		return o
	}
	return slices.DeleteFunc(o, func(m member) bool {
		return m.key == "description" || m.key == "notes" || m.key == "owner_id"
	})
}

func (t *Twin) activityFilter(table int, q *request) (keep func(int64, doc) bool, known bool) {
	day := func(ms int64) string { return time.UnixMilli(ms).In(t.zone).Format(time.DateOnly) }
	due := func(test func(ms int64) bool) func(int64, doc) bool {
		return func(_ int64, d doc) bool {
			ms, _ := number(d["due_date"])
			return text(d["status"]) == "0" && test(ms)
		}
	}
	now := q.now.UnixMilli()
	filter := strings.ReplaceAll(q.query.Get("filter"), "_", " ")
	if table == tAppointments {
		switch filter {
		case "":
			return nil, true
		case "upcoming", "past":
			return func(_ int64, d doc) bool {
				ms, _ := number(d["from_date"])
				return (ms >= now) == (filter == "upcoming")
			}, true
		}
		return nil, false
	}
	switch filter {
	case "":
		return nil, true
	case "open":
		return due(func(int64) bool { return true }), true
	case "due today":
		return due(func(ms int64) bool { return day(ms) == day(now) }), true
	case "due tomorrow":
		return due(func(ms int64) bool { return day(ms) == day(now+24*time.Hour.Milliseconds()) }), true
	case "overdue":
		return due(func(ms int64) bool { return ms < now }), true
	case "completed":
		return func(_ int64, d doc) bool { return text(d["status"]) == "1" }, true
	}
	return nil, false
}
