package twin

import "html"

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
		{"outcome_id", d["outcome_id"]}, {"task_type_id", d["task_type_id"]},
		{"completed_date", t.moment(d["completed_date"])},
		{"has_multiple_emails", false}, {"is_linkedin_type", false}, {"targetables", targetables(d)},
		{"targetables_with_email", t.targetsWithEmail(d)},
	}
}

func (t *Twin) renderAppointment(id int64, d doc) object {
	allDay := d["is_allday"] == true
	return object{
		{"id", id}, {"time_zone", d["time_zone"]}, {"title", d["title"]}, {"description", d["description"]},
		{"location", d["location"]}, {"from_date", t.moment(d["from_date"])}, {"end_date", t.moment(d["end_date"])},
		{"is_allday", allDay}, {"created_at", t.moment(d["created_at"])}, {"updated_at", t.moment(d["updated_at"])},
		{"outcome_id", d["outcome_id"]}, {"conference_id", nil}, {"latitude", nil}, {"longitude", nil},
		{"checkedin_at", nil}, {"checkedout_at", nil}, {"checkedin_duration", nil}, {"checkedout_latitude", nil},
		{"checkedout_longitude", nil}, {"checkedout_location", nil}, {"can_checkin", false}, {"can_checkin_checkout", false},
		{"has_multiple_emails", false}, {"provider", nil}, {"note_id", nil}, {"creater_id", d["creater_id"]},
		{"appointment_attendee_ids", attendeeIDs(id, d)}, {"targetables", targetables(d)},
		{"targetables_with_email", t.targetsWithEmail(d)},
	}
}

func attendeeIDs(id int64, d doc) []int64 {
	list, _ := d["attendees"].([]any)
	ids := make([]int64, len(list))
	for i := range list {
		ids[i] = id - appointmentKind.base + 76000000000 + int64(i)*1_000_000
	}
	return ids
}

// appointmentSides are the lists that come beside an appointment (API.md 4.5).
func appointmentSides(id int64, d doc) object {
	list, _ := d["attendees"].([]any)
	attendees := []object{}
	for i, n := range attendeeIDs(id, d) {
		one, _ := list[i].(map[string]any)
		attendees = append(attendees, object{{"id", n}, {"attendee_type", one["attendee_type"]},
			{"attendee_id", one["attendee_id"]}})
	}
	return object{{"appointment_attendees", attendees}, {"conferences", []object{}}, {"notes", []object{}}}
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
