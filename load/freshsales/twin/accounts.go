package twin

import (
	"net/http"
	"regexp"
	"strings"
)

func accountRoutes(add adder) {
	add("POST", "sales_accounts", "accounts.create", createOne(tAccounts, "create_code"))
	add("GET", "sales_accounts/{}", "accounts.get", getOne(tAccounts))
	add("PUT", "sales_accounts/{}", "accounts.update", updateOne(tAccounts))
	add("DELETE", "sales_accounts/{}", "accounts.delete", deleteOne(tAccounts))
	add("DELETE", "sales_accounts/{}/forget", "accounts.forget", forgetOne(tAccounts))
	add("PUT", "sales_accounts/{}/restore", "accounts.restore", restoreOne(tAccounts))
	add("POST", "sales_accounts/{}/clone", "accounts.clone", cloneOne(tAccounts))
	add("POST", "sales_accounts/upsert", "accounts.upsert", upsertOne(tAccounts))
	add("POST", "sales_accounts/bulk_upsert", "accounts.bulk_upsert", bulkUpsert(tAccounts))
	add("POST", "sales_accounts/bulk_destroy", "accounts.bulk_destroy", (*Twin).destroyAccounts)
	add("GET", "sales_accounts/filters", "accounts.filters", filters(tAccounts))
	add("GET", "sales_accounts/view/{}", "accounts.view", view(tAccounts))
	add("GET", "sales_accounts/scroll/{}", "accounts.scroll", (*Twin).scrollAccounts)
	add("GET", "sales_accounts", "accounts.list", noView)
	add("GET", "sales_accounts/{}/contacts", "accounts.contacts", related(tAccounts, tContacts, "account"))
	add("GET", "sales_accounts/{}/deals", "accounts.deals", related(tAccounts, tDeals, "account"))
	add("POST", "sales_accounts/{}/manage_team_members", "accounts.team", manageTeam(tAccounts))
	activityRoutesOf(add, "sales_accounts", "accounts", tAccounts)
}

var websiteForm = regexp.MustCompile(`^(?i)(https?://)?([a-z0-9-]+\.)+[a-z0-9-]{2,}(:\d+)?(/\S*)?$`)

// employeeSteps are the buckets number_of_employees is snapped to; which they are is not recorded.
var employeeSteps = []int64{1, 11, 51, 201, 501, 1001, 5001, 10001}

func (t *Twin) accountWrite(d doc, in map[string]any) []string {
	wrong := blank(d, in, "name", "Name can't be empty")
	if site := text(d["website"]); site != "" && !websiteForm.MatchString(site) {
		wrong = append(wrong, "website is not in required format")
	}
	if phone := text(d["phone"]); phone != "" && strings.IndexFunc(phone, notInPhone) >= 0 {
		delete(d, "phone")
	}
	if n, has := number(d["number_of_employees"]); has {
		step := employeeSteps[0]
		for _, s := range employeeSteps {
			if n >= s {
				step = s
			}
		}
		d["number_of_employees"] = num(step)
	}
	if v, sent := in["parent_sales_account_id"]; sent {
		delete(d, "parent_sales_account_id")
		if id, isID := number(v); isID {
			if _, there := t.store.tables[tAccounts].find(id, live); !there {
				return append(wrong, "Invalid parent sales account provided.")
			}
			d["parent_sales_account_id"] = num(id)
		}
	}
	return wrong
}

func notInPhone(r rune) bool { return !strings.ContainsRune("0123456789+-() ./x", r) }

func accountUnique(d doc) []uniqueValue {
	return append([]uniqueValue{{key("name", text(d["name"])), "Name has already been taken"}}, customUnique(d)...)
}

// dropLinks forgets what hung on a deleted account: restoring it does not bring its deals' and
// children's links back (API.md 3.7).
func (t *Twin) dropLinks(q *request, account int64) {
	id := num(account)
	for _, link := range []struct {
		table     int
		index     string
		attribute string
	}{{tDeals, "account", "sales_account_id"}, {tAccounts, "parent", "parent_sales_account_id"}} {
		tab := t.store.tables[link.table]
		for _, n := range tab.holders(key(link.index, id.String()), live) {
			d := tab.doc(tab.records[n].now)
			delete(d, link.attribute)
			tab.put(tab.id(n), d, live, q.now)
		}
	}
}

func (t *Twin) destroyAccounts(q *request) answer {
	ids, bad := t.selected(q)
	if bad != nil {
		return *bad
	}
	for _, id := range ids {
		if q.in["delete_associated_contacts_deals"] == true {
			for _, table := range []int{tContacts, tDeals} {
				tab := t.store.tables[table]
				for _, n := range tab.holders(key("account", num(id).String()), live) {
					t.remove(table, q, tab.id(n), binned)
				}
			}
		}
		t.remove(tAccounts, q, id, binned)
	}
	return ok(http.StatusOK, object{{"message", "The accounts will be deleted shortly."}})
}

func (t *Twin) scrollAccounts(q *request) answer {
	if !t.sw.on("scroll") {
		return nowhere()
	}
	after, _ := number(q.query.Get("last_fetched_id"))
	limit, _ := number(q.query.Get("limit"))
	tab := t.store.tables[tAccounts]
	rows := []object{}
	tab.created.walk(0, false, func(n int32) bool {
		if tab.id(n) > after {
			rows = append(rows, t.thin(tAccounts, q, tab.id(n), tab.doc(tab.records[n].shown)))
		}
		return len(rows) < int(min(max(limit, 1), maxPerPage))
	})
	return ok(http.StatusOK, object{{"sales_accounts", rows}})
}

var accountLinks = []string{
	"conversations",
	"/conversations/all?include=email_conversation_recipients,targetable,phone_number,phone_caller,note,user&per_page=3",
	"document_associations", "/document_associations",
	"notes", "/notes?include=creater",
	"tasks", "/tasks?include=creater,owner,updater,targetable,users,task_type",
	"appointments", "/appointments?include=creater,owner,updater,targetable,appointment_attendees",
}

func (t *Twin) renderAccount(id int64, d doc) object {
	children := t.store.tables[tAccounts].holders(key("parent", num(id).String()), live)
	return object{
		{"id", id}, {"name", d["name"]}, {"address", d["address"]}, {"city", d["city"]}, {"state", d["state"]},
		{"zipcode", d["zipcode"]}, {"country", d["country"]}, {"number_of_employees", d["number_of_employees"]},
		{"annual_revenue", d["annual_revenue"]}, {"website", d["website"]}, {"owner_id", d["owner_id"]},
		{"phone", d["phone"]},
		{"open_deals_amount", nil}, {"open_deals_count", nil}, {"won_deals_amount", nil}, {"won_deals_count", nil},
		{"last_contacted", nil}, {"last_contacted_mode", nil}, {"facebook", d["facebook"]}, {"twitter", d["twitter"]},
		{"linkedin", d["linkedin"]}, {"links", links("sales_accounts", id, accountLinks)},
		{"custom_field", t.renderCustom("sales_accounts", d)},
		{"created_at", t.moment(d["created_at"])}, {"updated_at", t.moment(d["updated_at"])}, {"avatar", nil},
		{"parent_sales_account_id", d["parent_sales_account_id"]}, {"recent_note", nil},
		{"last_contacted_via_sales_activity", nil}, {"last_contacted_sales_activity_mode", nil},
		{"completed_sales_sequences", nil}, {"active_sales_sequences", nil}, {"last_assigned_at", nil},
		{"tags", tagsOf(d)}, {"is_deleted", d["deleted_at"] != nil}, {"team_user_ids", nil},
		{"has_connections", false}, {"record_type_id", accountRecordType},
		{"industry_type_id", d["industry_type_id"]}, {"business_type_id", d["business_type_id"]},
		{"territory_id", d["territory_id"]}, {"child_sales_accounts_count", len(children)},
	}
}
