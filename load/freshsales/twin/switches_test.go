package twin

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Every switch is named once, documented, and takes its own default.
func TestSwitchTable(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range SwitchTable() {
		if seen[s.Name] || s.Asks == "" {
			t.Errorf("%+v", s)
		}
		seen[s.Name] = true
		if _, err := readSwitches(Switches{s.Name: s.Default}); err != nil {
			t.Error(err)
		}
	}
}

// No switch and no fault is without a test that names it.
func TestEverySwitchAndFaultIsTested(t *testing.T) {
	var tests strings.Builder
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		tests.Write(text)
	}
	for _, s := range SwitchTable() {
		if !strings.Contains(tests.String(), `"`+s.Name+`"`) {
			t.Errorf("switch %s: no test throws it", s.Name)
		}
	}
	source, err := os.ReadFile("faults.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range FaultKinds() {
		_, before, _ := strings.Cut(string(source), "const (")
		name := ""
		for _, line := range strings.Split(before, "\n") {
			if strings.HasSuffix(line, `= "`+k.Name+`"`) {
				name = strings.Fields(line)[0]
			}
		}
		if name == "" || !strings.Contains(tests.String(), name) {
			t.Errorf("fault %s: no test has such a day", k.Name)
		}
	}
}

// Each case throws one switch and shows that the account answers differently.
func TestSwitchesThrown(t *testing.T) {
	contact := func(b *bench, c m) got { return b.call("POST", "/contacts", m{"contact": c}) }
	for _, c := range []struct {
		name, value string
		test        func(b *bench)
	}{
		{"create_code", "201", func(b *bench) { contact(b, m{"email": "n@example.com"}).is(201) }},
		{"activity_create_code", "200", func(b *bench) {
			b.call("POST", "/tasks", m{"task": m{"title": "x", "due_date": "2024-01-02"}}).is(200)
		}},
		{"upsert_create_code", "200", func(b *bench) {
			b.call("POST", "/contacts/upsert", m{"unique_identifier": m{"emails": "n@example.com"}, "contact": m{}}).is(200)
		}},
		{"email_required", "off", func(b *bench) { contact(b, m{"mobile_number": "77"}).is(200).has("contact.email", nil) }},
		{"last_name_required", "on", func(b *bench) {
			contact(b, m{"email": "n@example.com"}).is(400).says("Last name can't be blank")
			g := b.call("GET", "/settings/contacts/fields", nil)
			for i := range g.count("fields") {
				if g.at(fmt.Sprintf("fields.%d.name", i)) == any("last_name") {
					g.has(fmt.Sprintf("fields.%d.required", i), true)
				}
			}
		}},
		{"upsert_by", "unique", func(b *bench) {
			b.call("POST", "/contacts/upsert", m{"unique_identifier": m{"external_id": "x1"}, "contact": m{"city": "Cork"}}).
				is(200).has("contact.city", "Cork")
			b.call("POST", "/contacts/upsert", m{"unique_identifier": m{"cf_card": "77"},
				"contact": m{"email": "n@example.com"}}).is(201).has("contact.custom_field.cf_card", "77")
			b.call("POST", "/contacts/upsert", m{"unique_identifier": m{"cf_card": "77"}, "contact": m{"city": "Cork"}}).is(200).
				has("contact.city", "Cork")
		}},
		{"upsert_none", "refuse", func(b *bench) {
			b.call("POST", "/contacts/upsert", m{"unique_identifier": m{"emails": "n@example.com"}, "contact": m{}}).is(400)
		}},
		{"upsert_many", "refuse", func(b *bench) {
			if _, err := b.twin.Damage("duplicate_contact", 0); err != nil {
				b.Fatal(err)
			}
			b.call("POST", "/contacts/upsert", m{"unique_identifier": m{"emails": "ann@example.com"}, "contact": m{}}).is(400)
		}},
		{"created_at", "honoured", func(b *bench) {
			contact(b, m{"email": "n@example.com", "created_at": "2019-05-04T10:00:00Z"}).is(200).
				has("contact.created_at", "2019-05-04T06:00:00-04:00")
		}},
		{"choice_single", "id", func(b *bench) {
			contact(b, m{"email": "n@example.com", "custom_field": m{"cf_tier": "Gold"}}).is(400)
		}},
		{"choice_bulk", "both", func(b *bench) {
			b.job(m{"emails": "n@example.com", "data": m{"custom_field": m{"cf_tier": "Gold"}}}).report().
				has("record_status.succeeded", 1)
		}},
		{"unknown_custom_field", "ignore", func(b *bench) {
			contact(b, m{"email": "n@example.com", "custom_field": m{"cf_nothing": "Gold"}}).is(200)
		}},
		{"bulk_over_max", "truncate", func(b *bench) {
			b.job(people(103)...).report().has("record_status.succeeded", 100)
		}},
		{"bulk_over_max", "swallow", func(b *bench) {
			b.job(people(103)...).report().has("record_status.succeeded", 103)
			if n := b.twin.Counts()["contacts"]; n > 100+10 {
				b.Errorf("%d contacts", n)
			}
		}},
		{"bulk_links", "honoured", func(b *bench) {
			b.job(m{"emails": "n@example.com", "data": m{"sales_accounts": []any{m{"id": b.account("Acme"),
				"is_primary": true}}}})
			b.call("GET", "/contacts/"+b.contact("n@example.com")+"?include=sales_accounts", nil).
				has("contact.sales_accounts.0.name", "Acme")
		}},
		{"deal_needs_account", "on", func(b *bench) {
			b.call("POST", "/deals", m{"deal": m{"name": "x"}}).is(400).says("Sales account can't be blank")
		}},
		{"deal_bulk", "name", func(b *bench) {
			url := b.call("POST", "/deals/bulk_upsert",
				m{"deals": []any{m{"name": "Big", "data": m{"amount": 6}}, m{"name": "Other", "data": m{}}}}).is(200).
				at("job_status_url").(string)
			b.call("GET", url, nil).report().has("record_status.succeeded", 2)
			b.call("GET", "/deals/view/"+b.dealView("All Deals"), nil).has("meta.total", 2)
		}},
		{"deal_amount", "number", func(b *bench) {
			b.call("POST", "/deals", m{"deal": m{"name": "x", "amount": 20}}).is(200).has("deal.amount", 20)
		}},
		{"task_needs_target", "on", func(b *bench) {
			b.call("POST", "/tasks", m{"task": m{"title": "x", "due_date": "2024-01-02"}}).is(400)
		}},
		{"activity_dates", "both", func(b *bench) {
			a := b.twin.Account()
			b.call("POST", "/sales_activities", m{"sales_activity": m{"title": "x", "owner_id": a.Owners[0].ID,
				"targetable_type":        "Contact",
				"sales_activity_type_id": a.Lists["sales_activity_types"][1].ID, "targetable_id": b.contact("ann@example.com"),
				"start_date": 1512387000}}).
				is(201).has("sales_activity.start_date", "2017-12-04T07:30:00-04:00")
		}},
		{"restore", "on", func(b *bench) {
			id := b.contact("bob@example.com")
			b.call("DELETE", "/contacts/"+id, nil).is(200)
			b.call("PUT", "/contacts/"+id+"/restore", nil).is(200).
				has("contact.email", "bob@example.com", "contact.is_deleted", false)
			b.call("GET", "/contacts/view/"+b.viewID("All Contacts"), nil).has("meta.total", 2)
		}},
		{"selected_max", "1", func(b *bench) {
			b.call("POST", "/contacts/bulk_destroy", m{"selected_ids": []any{1, 2}}).is(400)
		}},
		{"lookup_shape", "flat", func(b *bench) {
			b.call("GET", "/lookup?f=email&entities=contact&q=ann@example.com", nil).has("contacts.0.email", "ann@example.com")
		}},
		{"phone_numbers", "objects", func(b *bench) {
			b.call("GET", "/contacts/"+b.contact("ann@example.com"), nil).has("contact.phone_numbers.0.label", "Home")
		}},
		{"phone_numbers", "strings", func(b *bench) {
			b.call("GET", "/contacts/"+b.contact("ann@example.com"), nil).has("contact.phone_numbers.0", "+353861")
		}},
		{"scroll", "on", func(b *bench) {
			b.call("GET", "/sales_accounts/scroll/1?limit=100", nil).is(200).has("sales_accounts.0.name", "Acme")
		}},
		{"tasks_touch_contacts", "on", func(b *bench) {
			ann := b.contact("ann@example.com")
			b.clock.Advance(time.Minute)
			b.call("POST", "/tasks", m{"task": m{"title": "x", "due_date": "2024-01-02", "targetable_type": "Contact",
				"targetable_id": ann}}).is(201)
			b.call("GET", "/contacts/"+ann, nil).has("contact.updated_at", "2026-03-02T05:01:00-04:00")
		}},
		{"deals_touch_contacts", "on", func(b *bench) {
			ann := b.contact("ann@example.com") // a customer, so no lifecycle move
			b.clock.Advance(time.Minute)
			b.call("POST", "/deals", m{"deal": m{"name": "x", "contacts_added_list": []any{ann}}}).is(200)
			b.call("GET", "/contacts/"+ann, nil).has("contact.updated_at", "2026-03-02T05:01:00-04:00")
		}},
		{"workflow_tasks", "on", func(b *bench) {
			id := contact(b, m{"email": "n@example.com"}).is(200).id("contact.id")
			b.call("GET", "/contacts/"+id+"/tasks", nil).has("tasks.0.title", "New Lead Creation")
		}},
		{"thin_updated_at", "off", func(b *bench) {
			if g := b.call("GET", "/contacts/view/"+b.viewID("All Contacts"), nil); strings.Contains(g.body, `"updated_at"`) {
				b.Error(g.body)
			}
		}},
		{"thin_external_id", "off", func(b *bench) {
			if g := b.call("GET", "/contacts/view/"+b.viewID("All Contacts"), nil); strings.Contains(g.body, `"external_id"`) {
				b.Error(g.body)
			}
		}},
		{"bin_holds_unique", "on", func(b *bench) {
			b.call("DELETE", "/contacts/"+b.contact("bob@example.com"), nil).is(200)
			contact(b, m{"email": "bob@example.com"}).is(400).says("bob@example.com already exists.")
		}},
		{"bin_days", "1", func(b *bench) {
			b.call("DELETE", "/contacts/"+b.contact("bob@example.com"), nil).is(200)
			b.clock.Advance(25 * time.Hour)
			b.call("GET", "/contacts/view/"+b.viewID("Recycle Bin"), nil).has("meta.total", 0)
		}},
		{"text_max", "10", func(b *bench) {
			contact(b, m{"email": "n@example.com", "custom_field": m{"cf_note": "more than ten"}}).is(400)
		}},
		{"textarea_max", "10", func(b *bench) {
			contact(b, m{"email": "n@example.com", "custom_field": m{"cf_story": "more than ten"}}).is(400)
		}},
		{"job_running_name", "QUEUED", func(b *bench) {
			if err := b.twin.SetSwitches(Switches{"job_running_name": "QUEUED", "job_seconds": "5"}); err != nil {
				b.Fatal(err)
			}
			b.job(people(1)...).has("status", "QUEUED")
		}},
		{"job_failed_name", "BROKEN", func(b *bench) {
			if err := b.twin.SetFaults(1, Fault{Kind: jobFails}); err != nil {
				b.Fatal(err)
			}
			b.job(people(1)...).has("status", "BROKEN")
		}},
		{"field_type_numbers", "1=text,7=number", func(b *bench) {
			if err := b.twin.SetSwitches(Switches{"field_type_numbers": "1=text,7=number",
				"field_creation": "documented"}); err != nil {
				b.Fatal(err)
			}
			b.call("POST", "/settings/contacts/forms/1/fields", m{"label": "By number", "field_type": 7}).is(200).
				has("field.type", "number")
			b.call("POST", "/settings/contacts/forms/1/fields", m{"label": "Nothing", "field_type": 3}).is(400)
		}},
		{"field_type_reads", "number", func(b *bench) {
			if err := b.twin.SetSwitches(Switches{"field_type_reads": "number", "field_creation": "documented"}); err != nil {
				b.Fatal(err)
			}
			b.call("POST", "/settings/contacts/forms/1/fields", m{"label": "Both", "type": "text", "field_type": 7}).is(200).
				has("field.type", "date")
		}},
		{"job_done_name", "COMPLETED", func(b *bench) { b.job(people(1)...).has("status", "COMPLETED") }},
	} {
		t.Run(c.name+" "+c.value, func(t *testing.T) {
			b := seeded(t, Config{})
			if err := b.twin.SetSwitches(Switches{c.name: c.value}); err != nil {
				t.Fatal(err)
			}
			c.test(b)
		})
	}
}

// Views, search and lookup lag; reads by id do not (API.md 1.6, 10.25).
func TestLag(t *testing.T) {
	b := seeded(t, Config{Switches: Switches{"index_lag_seconds": "5"}})
	all := "/contacts/view/" + b.viewID("All Contacts")
	id := b.call("POST", "/contacts", m{"contact": m{"email": "n@example.com"}}).is(200).id("contact.id")
	ann := b.contact("ann@example.com")
	b.call("PUT", "/contacts/"+ann, m{"contact": m{"email": "ann2@example.com"}}).is(200)
	b.call("DELETE", "/contacts/"+b.contact("bob@example.com"), nil).is(200)
	b.call("POST", "/contacts", m{"contact": m{"email": "n@example.com"}}).is(400)
	b.call("GET", "/contacts/"+id, nil).is(200)
	b.call("GET", all, nil).has("meta.total", 2)
	if g := b.call("GET", "/lookup?f=email&entities=contact&q=ann2@example.com", nil); g.count("contacts.contacts") != 0 {
		t.Error("lookup knows the new address at once")
	}
	b.contact("ann@example.com")
	b.clock.Advance(5 * time.Second)
	b.call("GET", all, nil).has("meta.total", 2)
	b.contact("ann2@example.com")
	if g := b.call("GET", "/lookup?f=email&entities=contact&q=ann@example.com", nil); g.count("contacts.contacts") != 0 {
		t.Error("lookup still knows the old address")
	}
	b.contact("n@example.com")
	b.call("GET", "/contacts/view/"+b.viewID("Recycle Bin"), nil).has("meta.total", 1)
}

func TestBearerWhereTheSwitchAllowsIt(t *testing.T) {
	for value, want := range map[string]int{"token": 401, "both": 200} {
		b := start(t, free(Config{Switches: Switches{"authorization": value}}))
		g := b.callWith("GET", "/selector/owners", "Bearer "+DefaultKey)
		g.is(want)
	}
}

// Lists of activities show each whole, or leave out what is long (API.md 10.38).
func TestActivityRows(t *testing.T) {
	for value, whole := range map[string]bool{"whole": true, "thin": false} {
		b := start(t, free(Config{Switches: Switches{"activity_rows": value}}))
		b.call("POST", "/tasks", m{"task": m{"title": "x", "description": "At length", "due_date": "2026-01-01"}}).is(201)
		got := b.call("GET", "/tasks?filter=open", nil).at("tasks.0").(map[string]any)
		if _, shown := got["description"]; shown != whole {
			t.Errorf("%s: %v", value, got)
		}
	}
}

// A create may be answered with less than the record it made (API.md 10.39).
func TestCreateReply(t *testing.T) {
	for value, want := range map[string]string{"record": `"id"`, "no_id": `"title"`, "empty": "{}"} {
		b := start(t, free(Config{Switches: Switches{"create_reply": value}}))
		g := b.call("POST", "/tasks", m{"task": m{"title": "x", "due_date": "2026-01-01"}}).is(201)
		if !strings.Contains(g.body, want) || value != "record" && strings.Contains(g.body, `"id"`) {
			t.Errorf("%s: %s", value, g.body)
		}
		if b.twin.Counts()["tasks"] != 1 {
			t.Error("nothing was made")
		}
	}
}

// What third-party clients look for: pipelines in their order, and the two fields of deals that have rules of
// their own (API.md 5.1, 6.1).
func TestPipelinesHaveAnOrderAndDealsTheirStageFields(t *testing.T) {
	b := start(t, free(Config{}))
	b.call("GET", "/selector/deal_pipelines", nil).is(200).has("deal_pipelines.0.position", 1)
	g := b.call("GET", "/settings/deals/fields", nil).is(200)
	for _, name := range []string{"deal_stage_id", "deal_pipeline_id"} {
		if !strings.Contains(g.body, `"name":"`+name+`"`) {
			t.Errorf("the fields of deals lack %s", name)
		}
	}
}
