package twin

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

func dealRoutes(add adder) {
	add("POST", "deals", "deals.create", createOne(tDeals, "create_code"))
	add("GET", "deals/{}", "deals.get", getOne(tDeals))
	add("PUT", "deals/{}", "deals.update", updateOne(tDeals))
	add("DELETE", "deals/{}", "deals.delete", deleteOne(tDeals))
	add("DELETE", "deals/{}/forget", "deals.forget", forgetOne(tDeals))
	add("PUT", "deals/{}/restore", "deals.restore", restoreOne(tDeals))
	add("POST", "deals/{}/clone", "deals.clone", cloneOne(tDeals))
	add("POST", "deals/upsert", "deals.upsert", upsertOne(tDeals))
	add("POST", "deals/bulk_upsert", "deals.bulk_upsert", bulkUpsert(tDeals))
	add("POST", "deals/bulk_destroy", "deals.bulk_destroy", bulkDestroy(tDeals))
	add("GET", "deals/filters", "deals.filters", filters(tDeals))
	add("GET", "deals/view/{}", "deals.view", view(tDeals))
	add("GET", "deals", "deals.list", noView)
	add("POST", "deals/{}/manage_team_members", "deals.team", manageTeam(tDeals))
	activityRoutesOf(add, "deals", "deals", tDeals)
}

func (t *Twin) dealWrite(q *request, d doc, in map[string]any, w writing) []string {
	wrong := blank(d, in, "name", "Deal name can't be empty")
	wrong = append(wrong, t.dealStage(q, d, in)...)
	wrong = append(wrong, t.dealAccount(q, d, in)...)
	if t.sw.on("deal_needs_account") && d["sales_account_id"] == nil {
		wrong = append(wrong, "Sales account can't be blank")
	}
	if !w.bulk { // bulk ignores them in silence (API.md 3.6)
		wrong = append(wrong, t.dealContacts(d, in)...)
	}
	if d["currency_id"] == nil {
		for _, c := range t.account.list("currencies") {
			if c.Default {
				d["currency_id"] = num(c.ID)
			}
		}
	}
	if list, sent := in["products"].([]any); sent {
		d["products"] = list
	}
	return wrong
}

// dealStage puts a deal into its pipeline and stage. The probability follows the stage, and a deal
// that comes into a closing stage is closed today (API.md 4.3).
func (t *Twin) dealStage(q *request, d doc, in map[string]any) []string {
	before := t.stageOf(d)
	pipeline := Item{}
	if v, sent := in["deal_pipeline_id"]; sent && v != nil {
		id, _ := number(v)
		found, known := t.account.item("deal_pipelines", id)
		if !known {
			return []string{"Invalid deal pipeline provided."}
		}
		pipeline = found
	}
	stage := before
	if v, sent := in["deal_stage_id"]; sent && v != nil {
		id, _ := number(v)
		found, known := t.account.item("deal_stages", id)
		if !known || pipeline.Name != "" && found.Parent != pipeline.Name {
			return []string{"Deal stage doesn't exist"}
		}
		stage = found
	} else if pipeline.Name != "" && stage.Parent != pipeline.Name || stage.ID == 0 {
		stage = t.firstStage(pipeline)
	}
	if stage.ID == before.ID {
		return nil
	}
	pipeline, _ = t.account.itemNamed("deal_pipelines", stage.Parent)
	d["deal_stage_id"], d["deal_pipeline_id"] = num(stage.ID), num(pipeline.ID)
	d["stage_updated_time"] = num(q.now.UnixMilli())
	if _, sent := in["probability"]; !sent {
		d["probability"] = num(int64(stage.Number))
	}
	if stage.Type == "Won" || stage.Type == "Lost" {
		d["closed_date"] = q.now.In(t.zone).Format(time.DateOnly)
	}
	return nil
}

func (t *Twin) firstStage(pipeline Item) Item {
	for _, p := range t.account.Pipelines {
		if pipeline.Name == "" && p.Default {
			pipeline = p
		}
	}
	for _, s := range t.account.DealStages {
		if s.Parent == pipeline.Name {
			return s
		}
	}
	return Item{}
}

// dealAccount links an account, by id or by name; a name that does not exist is made.
func (t *Twin) dealAccount(q *request, d doc, in map[string]any) []string {
	if byName, sent := in["sales_account"].(map[string]any); sent && text(byName["name"]) != "" {
		tab := t.store.tables[tAccounts]
		if found := tab.holders(key("name", text(byName["name"])), live); len(found) > 0 {
			d["sales_account_id"] = num(tab.id(slices.Min(found)))
			return nil
		}
		id, wrong := t.create(tAccounts, q, byName, false)
		if wrong == nil {
			d["sales_account_id"] = num(id)
		}
		return wrong
	}
	v, sent := in["sales_account_id"]
	if !sent {
		return nil
	}
	delete(d, "sales_account_id")
	if v == nil {
		return nil
	}
	id, isID := number(v)
	if _, there := t.store.tables[tAccounts].find(id, live); !isID || !there {
		return []string{"Invalid sales account provided."}
	}
	d["sales_account_id"] = num(id)
	return nil
}

// dealContacts adds and removes linked contacts.
func (t *Twin) dealContacts(d doc, in map[string]any) []string {
	ids := contactsOf(d)
	added, _ := in["contacts_added_list"].([]any)
	for _, v := range added {
		id, isID := number(v)
		if _, there := t.store.tables[tContacts].find(id, live); !isID || !there {
			return []string{"Invalid contact provided."}
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	removed, _ := in["contacts_removed_list"].([]any)
	for _, v := range removed {
		id, _ := number(v)
		ids = slices.DeleteFunc(ids, func(c int64) bool { return c == id })
	}
	delete(d, "contact_ids")
	if len(ids) > 0 {
		list := make([]any, len(ids))
		for i, id := range ids {
			list[i] = num(id)
		}
		d["contact_ids"] = list
	}
	return nil
}

// amount writes money, as a string with at least one decimal unless the switch says number.
func (t *Twin) amount(v any) any {
	n, has := v.(json.Number)
	if !has {
		return nil
	}
	if t.sw.is("deal_amount", "number") {
		return n
	}
	f, err := n.Float64()
	if err != nil {
		return n.String()
	}
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

var dealLinks = []string{
	"conversations",
	"/conversations/all?include=email_conversation_recipients,targetable,phone_number,phone_caller,note,user&per_page=3",
	"document_associations", "/document_associations",
	"notes", "/notes?include=creater",
	"tasks", "/tasks?include=creater,owner,updater,targetable,users,task_type",
	"appointments", "/appointments?include=creater,owner,updater,targetable,appointment_attendees",
}

const dealRecordType = "71010794478"

func (t *Twin) renderDeal(q *request, id int64, d doc) object {
	made, _ := number(d["created_at"])
	base := d["base_currency_amount"]
	if base == nil {
		base = d["amount"]
	}
	out := object{
		{"id", id}, {"name", d["name"]}, {"amount", t.amount(d["amount"])}, {"base_currency_amount", t.amount(base)},
		{"expected_close", d["expected_close"]}, {"closed_date", d["closed_date"]},
		{"stage_updated_time", t.moment(d["stage_updated_time"])}, {"custom_field", t.renderCustom("deals", d)},
		{"probability", d["probability"]}, {"created_at", t.moment(d["created_at"])},
		{"updated_at", t.moment(d["updated_at"])},
		{"deal_pipeline_id", d["deal_pipeline_id"]}, {"deal_stage_id", d["deal_stage_id"]},
		{"age", int(q.now.Sub(time.UnixMilli(made)).Hours() / 24)}, {"links", links("deals", id, dealLinks)},
		{"recent_note", nil}, {"completed_sales_sequences", nil}, {"active_sales_sequences", nil},
		{"web_form_id", nil}, {"upcoming_activities_time", nil}, {"collaboration", object{}}, {"last_assigned_at", nil},
		{"last_contacted_sales_activity_mode", nil}, {"last_contacted_via_sales_activity", nil},
		{"expected_deal_value", nil}, {"is_deleted", d["deleted_at"] != nil}, {"team_user_ids", nil},
		{"avatar", nil}, {"fc_widget_collaboration", object{}}, {"forecast_category", nil}, {"deal_prediction", nil},
		{"rotten_days", nil}, {"has_products", d["products"] != nil}, {"products", productsOf(d)}, {"tags", tagsOf(d)},
		{"record_type_id", dealRecordType}, {"owner_id", d["owner_id"]}, {"creater_id", d["creater_id"]},
		{"updater_id", d["updater_id"]}, {"sales_account_id", d["sales_account_id"]}, {"currency_id", d["currency_id"]},
		{"deal_type_id", d["deal_type_id"]}, {"deal_reason_id", d["deal_reason_id"]}, {"lead_source_id", d["lead_source_id"]},
		{"campaign_id", d["campaign_id"]}, {"territory_id", d["territory_id"]}, {"deal_product_id", d["deal_product_id"]},
		{"deal_payment_status_id", d["deal_payment_status_id"]},
	}
	if asked(q, "contacts") {
		out = append(out, member{"contact_ids", contactsOf(d)})
	}
	return out
}

func productsOf(d doc) any {
	if d["products"] == nil {
		return []string{}
	}
	return d["products"]
}

// dealSides are the linked records include asks for, beside the deals.
func (t *Twin) dealSides(q *request, records []doc) object {
	var out object
	if asked(q, "contacts") {
		rows := []object{}
		for _, d := range records {
			for _, id := range contactsOf(d) {
				if c, there := t.store.tables[tContacts].get(id); there {
					rows = append(rows, t.partialContact(id, c))
				}
			}
		}
		out = append(out, member{"contacts", rows})
	}
	if asked(q, "sales_account") {
		rows := []object{}
		for _, d := range records {
			id, _ := number(d["sales_account_id"])
			if a, there := t.store.tables[tAccounts].get(id); there {
				rows = append(rows, object{{"partial", true}, {"id", id}, {"name", a["name"]}, {"avatar", nil},
					{"website", a["website"]}, {"record_type_id", accountRecordType}})
			}
		}
		out = append(out, member{"sales_accounts", rows})
	}
	return out
}

func (t *Twin) partialContact(id int64, c doc) object {
	address := any(nil)
	if all := emailsOf(c); len(all) > 0 {
		address = all[0]
	}
	return object{
		{"partial", true}, {"id", id}, {"display_name", displayName(c)}, {"first_name", c["first_name"]},
		{"last_name", c["last_name"]}, {"email", address}, {"avatar", nil}, {"job_title", c["job_title"]},
		{"work_number", c["work_number"]}, {"mobile_number", c["mobile_number"]}, {"owner_id", c["owner_id"]},
		{"record_type_id", contactRecordType},
	}
}

// createOne is a plain create; the switch names its status.
func createOne(table int, code string) func(*Twin, *request) answer {
	return func(t *Twin, q *request) answer {
		in, found := wrapped(q, t.store.tables[table].kind.one)
		if !found {
			if table == tAccounts || table == tDeals {
				return broken() // a wrong body is a server fault there (API.md 1.2)
			}
			return refuse("Invalid or missing attributes")
		}
		id, wrong := t.create(table, q, in, false)
		if wrong != nil {
			return refuse(wrong...)
		}
		a := t.one(table, q, id, t.sw.count(code))
		if a.status == http.StatusNotFound { // made for somebody else, by a user who sees only own records
			return ok(t.sw.count(code), object{{t.store.tables[table].kind.one, object{{"id", id}}}})
		}
		return t.createReply(a)
	}
}

// createReply is what a create answers, as the switch says: the record, the record without its number, or nothing.
func (t *Twin) createReply(a answer) answer {
	switch t.sw["create_reply"] {
	case "empty":
		return ok(a.status, object{})
	case "no_id":
		var whole map[string]map[string]any
		if json.Unmarshal(a.body, &whole) == nil {
			for _, record := range whole {
				delete(record, "id")
			}
			body, err := json.Marshal(whole)
			if err == nil {
				a.body = body
			}
		}
	}
	return a
}
