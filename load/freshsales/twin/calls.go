package twin

import (
	"net/http"
	"slices"
	"strconv"
)

func callRoutes(add adder) {
	add("POST", "phone_calls", "phone_calls.create", (*Twin).createCall)
}

// createCall logs a call; its note is made beside it. The wrapper may be missing (API.md 1.3).
func (t *Twin) createCall(q *request) answer {
	in, found := wrapped(q, "phone_call")
	if !found {
		in = q.in
	}
	d := doc{}
	wrong := append(t.write(callKind, d, in, false), t.writeTarget(d, in)...)
	if d["target_id"] == nil && len(wrong) == 0 {
		wrong = append(wrong, "Targetable can't be blank")
	}
	if len(wrong) > 0 {
		return refuse(wrong...)
	}
	calls, notes := t.store.tables[tCalls], t.store.tables[tNotes]
	out := object{{"phone_calls", nil}, {"notes", []object{}}}
	if note, sent := in["note"].(map[string]any); sent && text(note["description"]) != "" {
		id, problems := t.create(tNotes, q, map[string]any{
			"description": note["description"], "targetable_type": d["target_type"], "targetable_id": d["target_id"],
		}, false)
		if problems != nil {
			return refuse(problems...)
		}
		d["note_id"] = num(id)
		made, _ := notes.get(id)
		out[1].value = []object{t.renderNote(id, made)}
	}
	id := calls.nextID()
	d["created_at"], d["updated_at"], d["creater_id"] = num(q.now.UnixMilli()), num(q.now.UnixMilli()), num(q.user)
	calls.put(id, d, live, q.now)
	t.afterCreate(tCalls, q, id, d)
	out[0].value = []object{t.renderCall(id, d)}
	return ok(t.sw.count("activity_create_code"), append(out, t.callSides(q, d)...))
}

func (t *Twin) callSides(q *request, d doc) object {
	contacts := []object{}
	if id, _ := number(d["target_id"]); d["target_type"] == "Contact" {
		if c, there := t.store.tables[tContacts].get(id); there {
			contacts = append(contacts, t.partialContact(id, c))
		}
	}
	users := []object{}
	if o, known := t.account.item("owners", q.user); known {
		users = append(users, renderOwner(o))
	}
	return object{{"contacts", contacts}, {"targetables", targetables(d)}, {"users", users}}
}

func (t *Twin) renderCall(id int64, d doc) object {
	return object{
		{"id", id}, {"call_direction", d["call_direction"]}, {"conversation_time", t.moment(d["created_at"])},
		{"cost", nil}, {"is_external_recording_url", false}, {"is_manual", true}, {"note_id", d["note_id"]},
		{"root_phone_call_id", nil}, {"status", nil}, {"user_id", d["creater_id"]},
		{"targetable", object{{"id", d["target_id"]}, {"type", d["target_type"]}}},
	}
}

// conversations are the calls and sales activities of a record.
func conversations(table int) func(*Twin, *request) answer {
	return func(t *Twin, q *request) answer {
		id, isID := q.id(0)
		parent, there := t.store.tables[table].get(id)
		if !isID || !there || !t.visible(q, parent) {
			return missing(t.store.tables[table].kind.noun)
		}
		page, perPage := paging(q)
		rows := []object{}
		for _, of := range []int{tCalls, tActivities} {
			tab := t.store.tables[of]
			for _, n := range t.hanging(table, of, "target", id) {
				d := tab.doc(tab.records[n].now)
				rows = append(rows, object{{"type", tab.kind.one}, {tab.kind.one, t.render(of, q, tab.id(n), d)}})
			}
		}
		total := len(rows)
		skip := min((page-1)*perPage, total)
		return listed("conversations", rows[skip:min(skip+perPage, total)], total, page, perPage, nil)
	}
}

// activityFeed tells what happened on a record, newest first; it pages by has_next.
func activityFeed(table int, name string) func(*Twin, *request) answer {
	return func(t *Twin, q *request) answer {
		id, isID := q.id(0)
		parent, there := t.store.tables[table].get(id)
		if !isID || !there || !t.visible(q, parent) {
			return missing(t.store.tables[table].kind.noun)
		}
		page, perPage := paging(q)
		if limit, err := strconv.Atoi(q.query.Get("limit")); err == nil {
			perPage = min(max(limit, 1), maxPerPage)
		}
		type event struct {
			at  int64
			row object
		}
		var all []event
		for _, of := range []int{tTasks, tNotes, tAppointments, tActivities, tCalls} {
			tab := t.store.tables[of]
			for _, n := range t.hanging(table, of, "target", id) {
				d := tab.doc(tab.records[n].now)
				at, _ := number(d["created_at"])
				all = append(all, event{at, object{
					{"id", num(tab.id(n)).String()}, {"action_type", "create"}, {"actionable_id", tab.id(n)},
					{"actionable_type", tab.kind.class}, {"targetable_id", id},
					{"targetable_type", t.store.tables[table].kind.class}, {"user_activity", true},
					{"created_at", t.moment(d["created_at"])},
				}})
			}
		}
		slices.SortStableFunc(all, func(a, b event) int { return int(b.at - a.at) })
		rows := []object{}
		skip := min((page-1)*perPage, len(all))
		for _, e := range all[skip:min(skip+perPage, len(all))] {
			rows = append(rows, e.row)
		}
		return ok(http.StatusOK, object{
			{name, rows}, {"meta", object{{"has_next", skip+len(rows) < len(all)}, {"has_previous", skip > 0}}},
		})
	}
}
