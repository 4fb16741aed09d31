package twin

import (
	"html"
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
		if a.table != tNotes { // a note cannot be read by itself (reference 4.6)
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
	} else if d["completed_date"] == nil { // set by the server, never by a client (reference 4.4)
		d["completed_date"] = num(q.now.UnixMilli())
	}
	return wrong
}

func (t *Twin) appointmentWrite(d doc, in map[string]any) []string {
	wrong := append(blank(d, in, "title", "Title can't be blank"), blank(d, in, "from_date", "From date can't be blank")...)
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
	if t.sw.is("activity_dates", "both") {
		for _, name := range []string{"start_date", "end_date"} {
			if s, isNumber := number(in[name]); isNumber {
				d[name] = num(s * 1000)
			}
		}
	}
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

// listActivities lists by a filter; tasks tell no number of pages (reference 1.6, 4.4).
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
			rows[i] = t.render(table, q, tab.id(n), docs[i])
		}
		if table == tTasks {
			out := append(object{{tab.kind.name, rows}}, t.included(table, q, docs)...)
			return ok(http.StatusOK, append(out, member{"meta", object{{"total", total}}}))
		}
		return listed(tab.kind.name, rows, total, page, perPage, t.included(table, q, docs))
	}
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

func targetables(d doc) []object {
	if d["target_id"] == nil {
		return []object{}
	}
	return []object{{{"id", d["target_id"]}, {"type", d["target_type"]}}}
}

func (t *Twin) targetsWithEmail(d doc) []object {
	id, _ := number(d["target_id"])
	if c, there := t.store.tables[tContacts].get(id); there && d["target_type"] == "Contact" {
		return []object{{{"id", id}, {"name", displayName(c)}, {"type", "Contact"}}}
	}
	return []object{}
}

func (t *Twin) renderTask(id int64, d doc) object {
	return object{
		{"id", id}, {"status", d["status"]}, {"title", d["title"]}, {"description", d["description"]},
		{"created_at", t.moment(d["created_at"])}, {"updated_at", t.moment(d["updated_at"])}, {"owner_id", d["owner_id"]},
		{"due_date", t.moment(d["due_date"])}, {"creater_id", d["creater_id"]}, {"updater_id", d["updater_id"]},
		{"outcome_id", d["outcome_id"]}, {"task_type_id", d["task_type_id"]}, {"completed_date", t.moment(d["completed_date"])},
		{"has_multiple_emails", false}, {"is_linkedin_type", false}, {"targetables", targetables(d)},
		{"targetables_with_email", t.targetsWithEmail(d)},
	}
}

func (t *Twin) renderAppointment(id int64, d doc) object {
	attendees, _ := d["attendees"].([]any)
	ids := []int64{}
	for i := range attendees {
		ids = append(ids, id-appointmentKind.base+76000000000+int64(i)*1_000_000)
	}
	allDay := d["is_allday"] == true
	return object{
		{"id", id}, {"time_zone", d["time_zone"]}, {"title", d["title"]}, {"description", d["description"]},
		{"location", d["location"]}, {"from_date", t.moment(d["from_date"])}, {"end_date", t.moment(d["end_date"])},
		{"is_allday", allDay}, {"created_at", t.moment(d["created_at"])}, {"updated_at", t.moment(d["updated_at"])},
		{"outcome_id", d["outcome_id"]}, {"conference_id", nil}, {"latitude", nil}, {"longitude", nil},
		{"checkedin_at", nil}, {"checkedout_at", nil}, {"checkedin_duration", nil}, {"checkedout_latitude", nil},
		{"checkedout_longitude", nil}, {"checkedout_location", nil}, {"can_checkin", false}, {"can_checkin_checkout", false},
		{"has_multiple_emails", false}, {"provider", nil}, {"note_id", nil}, {"creater_id", d["creater_id"]},
		{"appointment_attendee_ids", ids}, {"targetables", targetables(d)}, {"targetables_with_email", t.targetsWithEmail(d)},
	}
}

func (t *Twin) renderNote(id int64, d doc) object {
	return object{
		{"id", id}, {"description", d["description"]}, {"html_content", html.EscapeString(text(d["description"]))},
		{"created_at", t.moment(d["created_at"])}, {"updated_at", t.moment(d["updated_at"])}, {"creater_id", d["creater_id"]},
		{"duration", nil}, {"url", nil}, {"has_access", true}, {"has_mentions", false}, {"targetables", targetables(d)},
	}
}

func (t *Twin) renderActivity(id int64, d doc) object {
	return object{
		{"id", id}, {"title", d["title"]}, {"notes", d["notes"]}, {"start_date", t.moment(d["start_date"])},
		{"end_date", t.moment(d["end_date"])}, {"created_at", t.moment(d["created_at"])},
		{"updated_at", t.moment(d["updated_at"])}, {"owner_id", d["owner_id"]}, {"creater_id", d["creater_id"]},
		{"updater_id", d["updater_id"]}, {"location", d["location"]}, {"latitude", d["latitude"]},
		{"longitude", d["longitude"]}, {"checkedin_at", t.moment(d["checkedin_at"])}, {"targetable_type", d["target_type"]},
		{"targetable_id", d["target_id"]}, {"sales_activity_type_id", d["sales_activity_type_id"]},
		{"sales_activity_outcome_id", d["sales_activity_outcome_id"]}, {"conversation_time", t.moment(d["start_date"])},
		{"remote_id", nil}, {"import_id", nil}, {"custom_field", t.renderCustom("sales_activities", d)},
	}
}
