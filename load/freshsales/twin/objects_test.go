package twin

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"
)

// API.md 4.2.
func TestAccounts(t *testing.T) {
	b := start(t, free(Config{}))
	one := func(a m) got { return b.call("POST", "/sales_accounts", m{"sales_account": a}) }
	one(m{"city": "x"}).is(400).says("Name can't be empty")
	one(m{"name": strings.Repeat("x", 256)}).is(400).says("Name is too long (maximum is 255 characters)")
	g := one(m{"name": "Acme", "website": "https://acme.example/x", "phone": "bad!", "number_of_employees": 60,
		"annual_revenue": 5}).is(200)
	g.has("sales_account.phone", nil, "sales_account.number_of_employees", 51, "sales_account.annual_revenue", 5,
		"sales_account.has_connections", false, "sales_account.is_deleted", false,
		"sales_account.child_sales_accounts_count", 0)
	one(m{"name": "ACME"}).is(400).says("Name has already been taken")
	one(m{"name": "B", "website": "no site"}).is(400).says("website is not in required format")
	one(m{"name": "Child", "parent_sales_account_id": g.at("sales_account.id")}).is(200)
	id := g.id("sales_account.id")
	b.call("GET", "/sales_accounts/"+id, nil).is(200).has("sales_account.child_sales_accounts_count", 1)
	ann := b.call("POST", "/contacts", m{"contact": m{"email": "ann@example.com",
		"sales_accounts": []any{m{"id": g.at("sales_account.id"), "is_primary": true}}}}).is(200).id("contact.id")
	b.call("GET", "/sales_accounts/"+id+"/contacts", nil).is(200).
		has("contacts.0.email", "ann@example.com", "meta.total", 1)
	b.call("POST", "/contacts", m{"contact": m{"email": "b@example.com", "sales_accounts": []any{m{"id": 1}}}}).is(400)
	b.call("PUT", "/contacts/"+ann, m{"contact": m{"sales_accounts": []any{}}}).is(200)
	b.call("GET", "/sales_accounts/"+id+"/contacts", nil).is(200).has("meta.total", 0)
	b.call("DELETE", "/sales_accounts/"+id, nil).is(200)
	b.call("GET", "/sales_accounts/"+b.account("Child"), nil).is(200).has("sales_account.parent_sales_account_id", nil)
}

// API.md 4.2, 3.7: bulk delete cascades only when asked.
func TestAccountCascade(t *testing.T) {
	for _, cascade := range []bool{false, true} {
		b := seeded(t, Config{})
		b.call("POST", "/sales_accounts/bulk_destroy", m{"selected_ids": []any{b.account("Acme")},
			"delete_associated_contacts_deals": cascade}).is(200)
		want := "contacts:2 deals:1"
		if cascade {
			want = "contacts:1 contacts deleted:1 deals:0 deals deleted:1"
		}
		if got := fmt.Sprint(b.twin.Counts()); !strings.Contains(strings.ReplaceAll(got, "appointments:0 ", ""), want) {
			t.Errorf("cascade %t: %s", cascade, got)
		}
	}
}

// API.md 4.3.
func TestDeals(t *testing.T) {
	b := seeded(t, Config{})
	stages := b.call("GET", "/selector/deal_stages", nil).is(200)
	pipelines := b.call("GET", "/selector/deal_pipelines", nil).is(200)
	one := func(d m) got { return b.call("POST", "/deals?include=contacts,sales_account,deal_stage", m{"deal": d}) }
	one(m{"amount": 1}).is(400).says("Deal name can't be empty")
	one(m{"name": "x", "deal_stage_id": 1}).is(400).says("Deal stage doesn't exist")
	one(m{"name": "x", "amount": "many"}).is(400)
	one(m{"name": "x", "amount": 1 << 60}).is(400)
	ann := b.contact("ann@example.com")
	g := one(m{"name": "x", "amount": 20, "expected_close": "someday", "contacts_added_list": []any{ann},
		"sales_account": m{"name": "Acme"}}).is(200)
	g.has("deal.amount", "20.0", "deal.expected_close", nil, "deal.deal_stage_id", stages.at("deal_stages.0.id"),
		"deal.deal_pipeline_id", pipelines.at("deal_pipelines.0.id"), "deal.probability", 10, "deal.closed_date", nil,
		"deal.age", 0, "contacts.0.email", "ann@example.com", "sales_accounts.0.name", "Acme", "deal_stages.0.name", "New")
	one(m{"name": "y", "amount": 1234.5, "deal_stage_id": stages.at("deal_stages.5.id")}).is(200).
		has("deal.amount", "1234.5", "deal.closed_date", "2026-03-02", "deal.probability", 100)
	id := g.id("deal.id")
	b.call("PUT", "/deals/"+id, m{"deal": m{"closed_date": "2020-01-01", "contacts_removed_list": []any{ann},
		"products": []any{m{"id": 1, "quantity": 2}}}}).
		is(200).has("deal.closed_date", "2020-01-01", "deal.has_products", true)
	b.call("GET", "/deals/"+id+"?include=contacts", nil).is(200)
	if g := b.call("GET", "/deals/"+id+"?include=contacts", nil); g.count("contacts") != 0 {
		t.Error("the contact is still linked")
	}
	b.call("GET", "/selector/deal_pipelines/"+pipelines.id("deal_pipelines.0.id")+"/deal_stages", nil).is(200).
		has("deal_stages.6.name", "Lost")
	b.call("GET", "/deals/view/"+b.dealView("Won Deals"), nil).is(200).has("meta.total", 1, "deals.0.name", "y")
}

func (b *bench) dealView(name string) string {
	b.Helper()
	g := b.call("GET", "/deals/filters", nil).is(200)
	for i := range g.count("filters") {
		if g.at(fmt.Sprintf("filters.%d.name", i)) == any(name) {
			return g.id(fmt.Sprintf("filters.%d.id", i))
		}
	}
	b.Fatalf("no view %s", name)
	return ""
}

// API.md 3.10, 8.10.
func TestDealsMoveTheirContacts(t *testing.T) {
	for _, c := range []struct {
		switched, won string
		want          []string
	}{{"on", "Won", []string{"Sales Qualified Lead", "Customer"}}, {"off", "Won", []string{"Lead", "Lead"}}} {
		b := seeded(t, Config{Switches: Switches{"auto_lifecycle": c.switched}})
		bob := b.contact("bob@example.com")
		deal := b.call("POST", "/deals", m{"deal": m{"name": "x", "contacts_added_list": []any{bob}}}).is(200).id("deal.id")
		stage := func() any {
			return b.call("GET", "/contacts/"+bob+"?include=lifecycle_stage", nil).is(200).at("lifecycle_stages.0.name")
		}
		if s := stage(); s != any(c.want[0]) {
			t.Errorf("%s: after the deal %v", c.switched, s)
		}
		won, _ := b.twin.Account(), 0
		id := int64(0)
		for _, s := range won.DealStages {
			if s.Name == c.won {
				id = s.ID
			}
		}
		b.call("PUT", "/deals/"+deal, m{"deal": m{"deal_stage_id": id}}).is(200)
		if s := stage(); s != any(c.want[1]) {
			t.Errorf("%s: after winning %v", c.switched, s)
		}
	}
}

// API.md 4.4.
func TestTasks(t *testing.T) {
	b := seeded(t, Config{})
	ann := b.contact("ann@example.com")
	one := func(task m) got { return b.call("POST", "/tasks", m{"task": task}) }
	one(m{}).is(400).says("Title can't be blank", "Due date can't be blank")
	one(m{"title": "x", "due_date": "2024-01-02", "targetable_type": "Contact", "targetable_id": 5}).is(400)
	g := one(m{"title": "x", "due_date": "Tue Jun 21 2016 11:00:00 GMT+0000", "status": 1, "custom_field": m{"cf_x": 1},
		"targetable_type": "Contact", "targetable_id": ann}).is(201)
	g.has("task.due_date", "2016-06-21T07:00:00-04:00", "task.status", 1, "task.completed_date",
		"2026-03-02T05:00:00-04:00",
		"task.targetables.0.type", "Contact", "task.is_linkedin_type", false)
	if strings.Contains(g.body, "custom_field") {
		t.Error("a task has custom fields")
	}
	one(m{"title": "open", "due_date": "2026-03-02T23:00:00-04:00"}).is(201)
	b.call("GET", "/contacts/"+ann+"/tasks", nil).is(200).has("meta.total", 2)
	for filter, n := range map[string]int{"open": 1, "completed": 2, "overdue": 0, "due%20today": 1, "due%20tomorrow": 0} {
		b.call("GET", "/tasks?filter="+filter, nil).is(200).has("meta.total", n)
	}
	if g := b.call("GET", "/tasks?filter=open&include=owner", nil).is(200); strings.Contains(g.body, "total_pages") {
		t.Error("a list of tasks tells pages")
	} else {
		g.has("users.0.email", "ada@example.com")
	}
	b.call("GET", "/tasks?page=0&per_page=0", nil).is(500)
	id := g.id("task.id")
	b.call("PUT", "/tasks/"+id, m{"task": m{"status": 0}}).is(200).has("task.completed_date", nil)
	b.call("DELETE", "/tasks/"+id, nil).is(200).has("success", "200")
	b.call("GET", "/tasks/"+id, nil).is(404)
}

// API.md 4.5.
func TestAppointments(t *testing.T) {
	b := seeded(t, Config{})
	one := func(a m) got { return b.call("POST", "/appointments", m{"appointment": a}) }
	one(m{}).is(400).says("Title can't be blank", "From date can't be blank", "End date can't be blank")
	a := m{"title": "Meet", "from_date": "2026-03-05T10:00:00Z", "end_date": "2026-03-05T11:00:00Z",
		"time_zone":       "Asia/Kolkata",
		"targetable_type": "Contact", "targetable_id": b.contact("ann@example.com")}
	one(a).is(400).says("Not a supported time zone")
	a["time_zone"] = "Chennai"
	a["appointment_attendees_attributes"] = []any{m{"attendee_type": "Contact",
		"attendee_id": b.contact("bob@example.com")}}
	g := one(a).is(201).has("appointment.is_allday", false, "appointment.time_zone", "Chennai",
		"appointment_attendees.0.attendee_type", "Contact")
	id := g.id("appointment.id")
	b.call("GET", "/appointments?filter=upcoming", nil).is(200).has("meta.total", 1)
	b.call("GET", "/appointments", nil).is(200).has("meta.total", 2)
	b.call("DELETE", "/appointments/"+id, nil).is(200)
	b.call("GET", "/appointments/"+id, nil).is(404)
}

// API.md 4.6.
func TestNotes(t *testing.T) {
	b := seeded(t, Config{})
	bob := b.contact("bob@example.com")
	note := m{"description": "Hi <b>", "targetable_type": "Contact", "targetable_id": bob}
	g := b.call("POST", "/notes", m{"note": note}).is(200).
		has("note.html_content", "Hi &lt;b&gt;", "note.has_access", true)
	b.call("POST", "/notes", m{"note": m{"description": " ", "targetable_type": "Contact", "targetable_id": bob}}).is(400).
		says("Description can't be empty")
	id := g.id("note.id")
	b.call("GET", "/notes/"+id, nil).is(404)
	b.call("PUT", "/notes/"+id, m{"note": m{"description": "Bye"}}).is(200).has("note.description", "Bye")
	b.call("GET", "/contacts/"+bob+"/notes", nil).is(200).has("notes.0.description", "Bye", "notes.1.description", "Hello")
	b.call("DELETE", "/notes/"+id, nil).is(200)
	b.call("GET", "/contacts/"+bob+"/notes", nil).is(200).has("meta.total", 1)
}

// API.md 4.7, 7.
func TestSalesActivities(t *testing.T) {
	for _, plan := range []string{"pro", "enterprise"} {
		a := furnished()
		a.Lists["sales_activity_types"] = append(a.Lists["sales_activity_types"], Item{Name: "Campaign", Type: "campaign"})
		a.Fields["sales_activities"] = []Field{{Label: "Clicked", Type: "checkbox"}}
		b := seeded(t, Config{Account: a, Plan: plan})
		types := b.call("GET", "/selector/sales_activity_types", nil).is(200).
			has("sales_activity_types.1.internal_name", "phone", "sales_activity_types.1.is_default", true,
				"sales_activity_types.8.is_default", false)
		owner := b.call("GET", "/selector/owners", nil).at("users.0.id")
		body := m{"title": "Sent", "sales_activity_type_id": types.at("sales_activity_types.8.id"), "owner_id": owner,
			"targetable_type": "Contact",
			"targetable_id":   b.contact("ann@example.com"), "start_date": "2017-12-04T17:00:00+05:30",
			"custom_field": m{"cf_clicked": true}}
		g := b.call("POST", "/sales_activities", m{"sales_activity": body})
		if plan == "pro" {
			g.is(400).says("Custom sales activities are not available in your plan")
			continue
		}
		g.is(201).has("sales_activity.start_date", "2017-12-04T07:30:00-04:00",
			"sales_activity.custom_field.cf_clicked", true,
			"sales_activity.targetable_type", "Contact")
		b.call("GET", "/sales_activities?per_page=1", nil).is(200).has("meta.total", 1, "meta.total_pages", 1)
		b.call("POST", "/sales_activities", m{"sales_activity": m{}}).is(400).
			says("Title can't be blank", "Sales activity type can't be blank", "Owner can't be blank",
				"Targetable can't be blank")
		b.call("GET", "/selector/sales_activity_types/"+types.id("sales_activity_types.3.id")+"/sales_activity_outcomes",
			nil).is(200).has("sales_activity_outcomes.0.name", "Interested")
		b.call("GET", "/contacts/"+b.contact("ann@example.com")+"/conversations/all", nil).is(200).
			has("conversations.0.type", "sales_activity")
	}
}

// API.md 4.8, 1.3.
func TestPhoneCalls(t *testing.T) {
	b := seeded(t, Config{})
	ann := b.contact("ann@example.com")
	body := m{"call_direction": true, "targetable_type": "contact", "targetable": m{"id": ann},
		"note": m{"description": "said yes"}}
	b.call("POST", "/phone_calls", m{"phone_call": body}).is(201).
		has("phone_calls.0.call_direction", true, "notes.0.description", "said yes", "phone_calls.0.is_manual", true)
	b.call("POST", "/phone_calls", body).is(201)
	b.call("GET", "/contacts/"+ann+"/notes", nil).is(200).has("meta.total", 2)
	b.call("GET", "/contacts/"+ann+"/activities", nil).is(200).
		has("meta.has_next", false, "activities.0.targetable_type", "Contact")
	b.call("POST", "/phone_calls", m{"phone_call": m{"call_direction": true}}).is(400)
}

// API.md 4.9.
func TestFiles(t *testing.T) {
	b := seeded(t, Config{})
	ann := b.contact("ann@example.com")
	up := func(size int) got {
		var body bytes.Buffer
		w := multipart.NewWriter(&body)
		f, _ := w.CreateFormFile("file", "a.pdf")
		_, _ = f.Write(bytes.Repeat([]byte("x"), size))
		for k, v := range map[string]string{"file_name": "Contract.pdf", "is_shared": "true", "targetable_type": "Contact",
			"targetable_id": ann} {
			_ = w.WriteField(k, v)
		}
		_ = w.Close()
		req, _ := http.NewRequest("POST", b.url+"/documents", &body)
		req.Header.Set("Authorization", "Token token="+DefaultKey)
		req.Header.Set("Content-Type", w.FormDataContentType())
		return b.do(req)
	}
	up(1000).is(201).has("msg", "File uploaded successfully")
	b.call("POST", "/document_links", m{"url": "https://x.example", "name": "Site", "targetable_type": "Contact",
		"targetable_id": ann}).is(201).has("url", "https://x.example")
	b.call("GET", "/contacts/"+ann+"/document_associations", nil).is(200).
		has("meta.total", 2, "document_associations.1.name", "Contract.pdf", "document_associations.1.size", 1000)
	b.twin.mu.Lock()
	b.twin.plan.storage = 500
	b.twin.account.Owners = b.twin.account.Owners[:1]
	b.twin.mu.Unlock()
	up(10).is(400).says("You have exceeded the storage limit of your plan")
}

// API.md 4.10.
func TestLists(t *testing.T) {
	b := seeded(t, Config{})
	ann, bob := b.contact("ann@example.com"), b.contact("bob@example.com")
	id := b.call("POST", "/lists", m{"name": "New"}).is(200).id("list.id")
	b.call("PUT", "/lists/"+id+"/add_contacts", m{"ids": []any{ann, bob}}).is(200).at("message")
	b.call("GET", "/contacts/lists/"+id, nil).is(200).has("meta.total", 2)
	b.call("PUT", "/lists/"+id+"/remove_contacts", m{"ids": []any{ann}}).is(200)
	b.call("GET", "/contacts/lists/"+id, nil).is(200).has("contacts.0.email", "bob@example.com", "meta.total", 1)
	vip := b.call("GET", "/lists", nil).is(200).id("lists.0.id")
	b.call("PUT", "/lists/"+id+"/move_contacts", m{"from_list_id": vip, "all": true}).is(200)
	b.call("GET", "/contacts/lists/"+id, nil).is(200).has("meta.total", 2)
	b.call("PUT", "/lists/"+id, m{"name": "Renamed"}).is(200).has("list.name", "Renamed")
}

// API.md 1.6.
func TestViews(t *testing.T) {
	b := start(t, free(Config{}))
	empty := b.call("GET", "/contacts/view/"+b.viewID("All Contacts"), nil).is(200).
		has("meta.total_pages", 1, "meta.total", 0)
	if empty.count("contacts") != 0 {
		t.Error(empty.body)
	}
	b.job(people(7)...)
	all := "/contacts/view/" + b.viewID("All Contacts")
	b.call("GET", all+"?per_page=3&page=3&sort=id&sort_type=asc", nil).is(200).
		has("meta.total", 7, "meta.total_pages", 3, "contacts.0.email", "p6@example.com")
	b.call("GET", all+"?per_page=3&page=4", nil).is(200).has("meta.total", 0, "meta.total_pages", 0)
	if g := b.call("GET", all+"?per_page=0", nil).is(200); g.count("contacts") != 0 {
		t.Error(g.body)
	}
	b.call("GET", all+"?per_page=1000", nil).is(200).has("meta.total_pages", 1)
	b.call("GET", all+"?sort=last_name&sort_type=desc", nil).is(200).has("contacts.0.last_name", "P6")
	b.clock.Advance(time.Minute)
	b.call("PUT", "/contacts/"+b.contact("p3@example.com"), m{"contact": m{"city": "x"}}).is(200)
	g := b.call("GET", all+"?sort=updated_at&sort_type=desc", nil).is(200).
		has("contacts.0.email", "p3@example.com", "contacts.0.updated_at", "2026-03-02T05:01:00-04:00")
	for _, absent := range []string{"custom_field", "owner_id"} {
		if strings.Contains(g.body, `"`+absent+`"`) {
			t.Errorf("a thin row tells %s", absent)
		}
	}
}

// API.md 6.2 to 6.4.
func TestSearching(t *testing.T) {
	b := seeded(t, Config{})
	if g := b.call("GET", "/search?q=nobody&include=contact", nil).is(200); g.body != "[]" {
		t.Error(g.body)
	}
	b.call("GET", "/search?q=ann&include=contact,deal", nil).is(200).
		has("0.type", "contact", "0.email", "ann@example.com", "0.id", b.contact("ann@example.com"))
	for field, q := range map[string]string{"external_id": "x1", "mobile_number": "%2B353861",
		"cf_note": "a%20longer%20note", "name": "Ann%20M%C3%BCller"} {
		b.call("GET", "/lookup?entities=contact,deal&f="+field+"&q="+q, nil).is(200).
			has("contacts.contacts.0.email", "ann@example.com")
	}
	if g := b.call("GET", "/lookup?entities=contact&f=email&q=nobody@example.com", nil).
		is(200); g.count("contacts.contacts") != 0 {
		t.Error(g.body)
	}
	filtered := func(rules ...any) got {
		return b.call("POST", "/filtered_search/contact?page=1&per_page=100", m{"filter_rule": rules, "sort": "updated_at",
			"sort_type": "desc"})
	}
	ann := b.call("GET", "/contacts/"+b.contact("ann@example.com"), nil)
	filtered(m{"attribute": "lifecycle_stage_id", "operator": "is_in",
		"value": []any{ann.at("contact.lifecycle_stage_id")}}).is(200).
		has("meta.total", 1, "contacts.0.email", "ann@example.com")
	filtered(m{"attribute": "created_at", "operator": "is_after", "value": "2026-03-01"}).is(200).has("meta.total", 2)
	filtered(m{"attribute": "updated_at", "operator": "is_before", "value": "2026-03-01"}).is(200).has("meta.total", 0)
	filtered(m{"attribute": "x", "operator": "like", "value": "y"}).is(400)
	filtered().is(400)
}
