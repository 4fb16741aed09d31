package twin

import (
	"net/http"
	"strconv"
	"strings"
)

// render writes a record as single calls return it (API.md 3.3, 4).
func (t *Twin) render(table int, q *request, id int64, d doc) object {
	switch table {
	case tContacts:
		return t.renderContact(q, id, d)
	case tAccounts:
		return t.renderAccount(id, d)
	case tDeals:
		return t.renderDeal(q, id, d)
	case tTasks:
		return t.renderTask(id, d)
	case tAppointments:
		return t.renderAppointment(id, d)
	case tNotes:
		return t.renderNote(id, d)
	case tActivities:
		return t.renderActivity(id, d)
	case tCalls:
		return t.renderCall(id, d)
	case tDocuments:
		return t.renderDocument(q, id, d)
	}
	return nil
}

const contactRecordType = "71010794476"

func (t *Twin) renderContact(q *request, id int64, d doc) object {
	all := emailsOf(d)
	first := any(nil)
	if len(all) > 0 {
		first = all[0]
	}
	out := object{
		{"id", id}, {"first_name", d["first_name"]}, {"last_name", d["last_name"]},
		{"display_name", displayName(d)}, {"avatar", nil}, {"job_title", d["job_title"]},
		{"city", d["city"]}, {"state", d["state"]}, {"zipcode", d["zipcode"]}, {"country", d["country"]},
		{"email", first}, {"emails", renderEmails(id, d)},
		{"time_zone", d["time_zone"]}, {"work_number", d["work_number"]}, {"mobile_number", d["mobile_number"]},
		{"address", d["address"]}, {"last_seen", nil}, {"lead_score", 0}, {"last_contacted", nil},
		{"open_deals_amount", nil}, {"won_deals_amount", nil},
		{"links", links("contacts", id, contactLinks)},
		{"last_contacted_sales_activity_mode", nil}, {"custom_field", t.renderCustom("contacts", d)},
		{"created_at", t.moment(d["created_at"])}, {"updated_at", t.moment(d["updated_at"])},
		{"keyword", d["keyword"]}, {"medium", d["medium"]}, {"last_contacted_mode", nil}, {"recent_note", nil},
		{"won_deals_count", nil}, {"last_contacted_via_sales_activity", nil},
		{"completed_sales_sequences", nil}, {"active_sales_sequences", nil}, {"web_form_ids", nil},
		{"open_deals_count", nil}, {"last_assigned_at", nil}, {"tags", tagsOf(d)},
		{"facebook", d["facebook"]}, {"twitter", d["twitter"]}, {"linkedin", d["linkedin"]},
		{"is_deleted", d["deleted_at"] != nil}, {"team_user_ids", nil}, {"external_id", d["external_id"]},
		{"work_email", nil}, {"subscription_status", d["subscription_status"]},
		{"subscription_types", d["subscription_types"]},
		{"unsubscription_reason", d["unsubscription_reason"]},
		{"other_unsubscription_reason", d["other_unsubscription_reason"]},
		{"customer_fit", 0}, {"record_type_id", contactRecordType},
		{"whatsapp_subscription_status", d["whatsapp_subscription_status"]},
		{"sms_subscription_status", d["sms_subscription_status"]},
		{"last_seen_chat", nil}, {"first_seen_chat", nil}, {"locale", nil}, {"total_sessions", nil},
		{"system_tags", []string{}}, {"phone_numbers", t.phoneNumbers(d)},
		{"owner_id", d["owner_id"]}, {"contact_status_id", d["contact_status_id"]},
		{"lifecycle_stage_id", d["lifecycle_stage_id"]}, {"territory_id", d["territory_id"]},
		{"lead_source_id", d["lead_source_id"]}, {"campaign_id", d["campaign_id"]},
	}
	if asked(q, "sales_accounts") {
		out = append(out, member{"sales_accounts", t.renderLinkedAccounts(d)})
	}
	return out
}

var contactLinks = []string{
	"conversations",
	"/conversations/all?include=email_conversation_recipients,targetable,phone_number,phone_caller,note,user&per_page=3",
	"timeline_feeds", "/timeline_feeds",
	"document_associations", "/document_associations",
	"notes", "/notes?include=creater",
	"tasks", "/tasks?include=creater,owner,updater,targetable,users,task_type",
	"appointments", "/appointments?include=creater,owner,updater,targetable,appointment_attendees",
	"reminders", "/reminders?include=creater,owner,updater,targetable",
	"duplicates", "/duplicates",
	"connections", "/connections",
}

// links are the browser routes a record points at, not the API's (API.md 1.1).
func links(entity string, id int64, paths []string) raw {
	b := make([]byte, 0, 900)
	for i := 0; i < len(paths); i += 2 {
		b = append(append(append(b, ",\""...), paths[i]...), "\":\""+basePath+"/"...)
		b = append(append(b, entity...), '/')
		b = append(append(strconv.AppendInt(b, id, 10), paths[i+1]...), '"')
	}
	b[0] = '{'
	return raw(append(b, '}'))
}

func renderEmails(id int64, d doc) []object {
	list, _ := d["emails"].([]any)
	out := make([]object, len(list))
	for i, e := range list {
		m, _ := e.(map[string]any)
		out[i] = object{
			{"id", id - 70042000000 + 70037000000 + int64(i)*1_000_000_000}, {"value", m["value"]},
			{"is_primary", m["is_primary"]}, {"label", nil}, {"_destroy", false},
		}
	}
	return out
}

// renderCustom writes every custom field of the entity, also the empty ones.
func (t *Twin) renderCustom(entity string, d doc) object {
	custom, _ := d["custom_field"].(map[string]any)
	out := make(object, 0, len(t.account.Fields[entity]))
	for i := range t.account.Fields[entity] {
		name := t.account.Fields[entity][i].Name
		if strings.HasPrefix(name, "cf_") {
			out = append(out, member{name, custom[name]})
		}
	}
	return out
}

func (t *Twin) phoneNumbers(d doc) any {
	v := text(d["mobile_number"])
	switch {
	case v == "" || t.sw.is("phone_numbers", "empty"):
		return []string{}
	case t.sw.is("phone_numbers", "strings"):
		return []string{v}
	}
	return []object{{{"label", "Home"}, {"value", v}}}
}

func tagsOf(d doc) any {
	if d["tags"] == nil {
		return []string{}
	}
	return d["tags"]
}

func (t *Twin) renderLinkedAccounts(d doc) []object {
	list, _ := d["sales_accounts"].([]any)
	out := []object{}
	for _, one := range list {
		m, _ := one.(map[string]any)
		id, _ := number(m["id"])
		a, there := t.store.tables[tAccounts].get(id)
		if !there {
			continue
		}
		out = append(out, object{
			{"partial", true}, {"id", id}, {"name", a["name"]}, {"avatar", nil}, {"website", a["website"]},
			{"last_contacted", nil}, {"record_type_id", accountRecordType}, {"is_primary", m["is_primary"]},
		})
	}
	return out
}

const accountRecordType = "71010794477"

func pageMeta(total, perPage int) object {
	pages := 0
	if perPage > 0 {
		pages = max(1, (total+perPage-1)/perPage)
	}
	return object{{"total_pages", pages}, {"total", total}}
}

// paging reads page and per_page (API.md 1.6). Clients may put them into the body or the query.
func paging(q *request) (page, perPage int) {
	page, perPage = 1, 25
	for name, into := range map[string]*int{"page": &page, "per_page": &perPage} {
		if n, given := number(q.in[name]); given {
			*into = int(n)
		}
		if n, err := strconv.Atoi(q.query.Get(name)); err == nil {
			*into = n
		}
	}
	return max(page, 1), min(max(perPage, 0), maxPerPage)
}

const maxPerPage = 100

// listed is a page of a list with its totals. A page beyond the end is empty and has no totals.
func listed(name string, rows []object, total, page, perPage int, more object) answer {
	meta := pageMeta(total, perPage)
	if len(rows) == 0 && page > 1 {
		meta = pageMeta(0, 0)
	}
	if rows == nil {
		rows = []object{}
	}
	body := append(append(object{{name, rows}}, more...), member{"meta", meta})
	return answer{status: http.StatusOK, body: appendJSON(make([]byte, 0, 1024+2048*len(rows)), body)}
}
