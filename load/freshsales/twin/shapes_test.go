package twin

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// recorded are answers of real accounts as public sources print them (sections of API.md in the comments).
// The twin's answers must have every key of them, with the same JSON type where there is a value.
var recorded = map[string]string{
	// 3.3
	"contact": `{"contact":{"id":70042006456,"first_name":"x","last_name":"x","display_name":"x","avatar":null,"job_title":null,
 "city":null,"state":null,"zipcode":null,"country":null,"email":"a@b.c",
 "emails":[{"id":70037311213,"value":"a@b.c","is_primary":true,"label":null,"_destroy":false}],
 "time_zone":"IST","work_number":"x","mobile_number":"x","address":null,"last_seen":null,"lead_score":26,
 "last_contacted":null,"open_deals_amount":null,"won_deals_amount":null,
 "links":{"conversations":"x","timeline_feeds":"x","document_associations":"x","notes":"x","tasks":"x","appointments":"x","reminders":"x","duplicates":"x","connections":"x"},
 "last_contacted_sales_activity_mode":null,"custom_field":{},"created_at":"x","updated_at":"x",
 "keyword":"x","medium":"x","last_contacted_mode":null,"recent_note":null,"won_deals_count":null,
 "last_contacted_via_sales_activity":null,"completed_sales_sequences":null,"active_sales_sequences":null,
 "web_form_ids":null,"open_deals_count":null,"last_assigned_at":"x","tags":[],
 "facebook":null,"twitter":null,"linkedin":null,"is_deleted":false,"team_user_ids":null,
 "external_id":"x","work_email":null,"subscription_status":1,"subscription_types":"2;3;4;5;1",
 "customer_fit":2,"record_type_id":"71010794476","whatsapp_subscription_status":2,
 "sms_subscription_status":2,"last_seen_chat":null,"first_seen_chat":null,"locale":null,
 "total_sessions":null,"phone_numbers":[]}}`,
	// 3.10
	"lifecycle_stages": `{"lifecycle_stages":[{"id":71012139273,"name":"Lead","position":2,"disabled":false,"default":true,"type":"Lead","contact_status_ids":[70000697854,70000697855]}]}`,
	// 1.6
	"linked account": `{"contact":{"sales_accounts":[{"partial":true,"id":1,"name":"x","avatar":null,"website":null,"last_contacted":null,"record_type_id":"x","is_primary":true}]}}`,
	"filters":        `{"filters":[{"id":1,"name":"x","model_class_name":"x","user_id":null,"is_default":true,"is_public":true,"updated_at":"x"}]}`,
	"view":           `{"contacts":[{"id":1,"emails":[{"id":1,"value":"x"}],"email":"x","links":{"notes":"x"}}],"meta":{"total_pages":1,"total":1}}`,
	// 3.6
	"job":    `{"created_at":"x","status_updated_at":"x","job_type_name":"x","progress":100,"status":"SUCCESS","data":"{}"}`,
	"report": `{"record_status":{"succeeded":1,"failed":1},"detailed_failure_report":[]}`,
	// 4.2
	"account": `{"sales_account":{"id":1,"name":"x","open_deals_amount":"x","open_deals_count":1,"won_deals_amount":"x","won_deals_count":1,"last_contacted":null,"last_contacted_mode":null,
 "links":{"conversations":"x","document_associations":"x","notes":"x","tasks":"x","appointments":"x"},"created_at":"x","updated_at":"x","avatar":null,"recent_note":null,
 "last_contacted_via_sales_activity":null,"last_contacted_sales_activity_mode":null,"completed_sales_sequences":null,"active_sales_sequences":null,"last_assigned_at":null,
 "tags":[],"is_deleted":false,"team_user_ids":null,"has_connections":false,"record_type_id":"x","child_sales_accounts_count":0}}`,
	// 4.3
	"deal": `{"deal":{"id":1,"name":"x","amount":"1234.5","base_currency_amount":"20.0","age":1,"closed_date":null,"created_at":"x","creater_id":1,"custom_field":{},"expected_close":"x","probability":1,"stage_updated_time":"x","updated_at":"x"}}`,
	// 4.4
	"task": `{"task":{"id":1,"title":"x","description":"x","due_date":"x","completed_date":"x","status":1,"owner_id":1,"creater_id":1,"updater_id":null,"outcome_id":null,"task_type_id":null,
 "targetables":[{"id":1,"type":"Contact"}],"targetables_with_email":[{"id":1,"name":"x","type":"x"}],"has_multiple_emails":false,"is_linkedin_type":false,"created_at":"x","updated_at":"x"}}`,
	// 4.6
	"note": `{"notes":[{"id":1,"description":"x","html_content":"x","targetables":[{"id":1,"type":"x"}],"creater_id":1,"created_at":"x","updated_at":"x"}],"meta":{"total":1}}`,
	// 4.7
	"activity types": `{"sales_activity_types":[{"partial":true,"id":1,"name":"x","internal_name":"chat","show_in_conversation":true,"position":1,"is_default":true,"is_checkedin":false}]}`,
	// 5.1
	"fields": `{"fields":[{"id":1,"label":"x","name":"x","type":"x","default":true,"actionable":true,"position":1,"choices":[],"base_model":"x","required":false,"quick_add_position":1,"visible":true,"field_group_id":1,"auto_suggest_url":null,"creatable":true,"creatable_data_key":null,"multiple":false,"model":"x"}]}`,
	// 6.1
	"owners":     `{"users":[{"id":1,"display_name":"x","email":"x","is_active":true}]}`,
	"currencies": `{"currencies":[{"partial":true,"id":1,"is_active":true,"currency_code":"USD","exchange_rate":"1.0","currency_type":1,"schedule_info":null}]}`,
	"sources":    `{"lead_sources":[{"partial":true,"id":1,"name":"x","position":1}]}`,
	// 6.2, 6.3
	"search": `[{"id":"1","type":"contact","name":"x","email":"x","avatar":null}]`,
	"lookup": `{"contacts":{"contacts":[{"id":1,"email":"x","record_type_id":"x"}]}}`,
}

func TestAnswersHaveTheRecordedShape(t *testing.T) {
	b := seeded(t, Config{})
	ann, acme := b.contact("ann@example.com"), b.account("Acme")
	deal := b.call("GET", "/search?q=big&include=deal", nil).id("0.id")
	b.call("PUT", "/deals/"+deal, m{"deal": m{"expected_close": "2026-04-01"}}).is(200)
	task := b.call("GET", "/contacts/"+ann+"/tasks", nil).id("tasks.0.id")
	view := "/contacts/view/" + b.viewID("All Contacts")
	job := b.job(m{"emails": "broken", "data": m{}})
	for name, path := range map[string]string{
		"contact": "/contacts/" + ann, "lifecycle_stages": "/selector/lifecycle_stages", "linked account": "/contacts/" +
			ann + "?include=sales_accounts",
		"filters": "/contacts/filters", "view": view, "account": "/sales_accounts/" + acme, "deal": "/deals/" + deal,
		"task": "/tasks/" + task,
		"note": "/contacts/" + b.contact("bob@example.com") + "/notes", "activity types": "/selector/sales_activity_types",
		"fields": "/settings/contacts/fields", "owners": "/selector/owners", "currencies": "/selector/currencies",
		"sources": "/selector/lead_sources",
		"search":  "/search?q=ann&include=contact", "lookup": "/lookup?f=email&entities=contact&q=ann@example.com",
	} {
		t.Run(name, func(t *testing.T) {
			sameShape(t, name, recorded[name], b.call("GET", path, nil).is(200).body)
		})
	}
	sameShape(t, "job", recorded["job"], job.body)
	sameShape(t, "report", recorded["report"], job.report().body)
}

func sameShape(t *testing.T, name, want, have string) {
	t.Helper()
	var w, h any
	if err := json.Unmarshal([]byte(want), &w); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if err := json.Unmarshal([]byte(have), &h); err != nil {
		t.Fatalf("%s: %v in %s", name, err, have)
	}
	compareShape(t, name, w, h)
}

func compareShape(t *testing.T, where string, want, have any) {
	t.Helper()
	if want == nil || have == nil {
		return
	}
	if fmt.Sprintf("%T", want) != fmt.Sprintf("%T", have) {
		t.Errorf("%s is %T, recorded as %T", where, have, want)
		return
	}
	switch w := want.(type) {
	case map[string]any:
		for key, v := range w {
			inner, there := have.(map[string]any)[key]
			if !there {
				t.Errorf("%s.%s is missing", where, key)
				continue
			}
			compareShape(t, where+"."+key, v, inner)
		}
	case []any:
		if len(w) == 0 {
			return
		}
		list := have.([]any)
		if len(list) == 0 {
			t.Errorf("%s is empty", where)
			return
		}
		compareShape(t, where+"[0]", w[0], list[0])
	}
}

// The widest client in use sends every attribute it knows, empty or not (API.md 1.3).
func TestClientThatSendsEverything(t *testing.T) {
	b := start(t, free(Config{}))
	sent := m{"id": 0, "first_name": "Ann", "last_name": "", "display_name": "", "email": "ann@example.com", "emails": nil,
		"lead_score": 0,
		"links":      m{"conversations": ""}, "custom_field": m{"cf_interest": nil, "cf_setup": ""},
		"created_at": "0001-01-01T00:00:00Z",
		"tags":       nil, "is_deleted": false, "open_deals_amount": "", "subscription_status": 0, "team_user_ids": nil,
		"owner_id": nil}
	g := b.call("POST", "/contacts", m{"contact": sent}).is(200).
		has("contact.first_name", "Ann", "contact.created_at", "2026-03-02T05:00:00-04:00")
	var contact struct {
		Contact struct {
			ID        int64    `json:"id"`
			LastName  string   `json:"last_name"`
			LeadScore int      `json:"lead_score"`
			Amount    string   `json:"open_deals_amount"`
			Tags      []string `json:"tags"`
			Deleted   bool     `json:"is_deleted"`
			Updated   string   `json:"updated_at"`
		} `json:"contact"`
	}
	if err := json.Unmarshal([]byte(g.body), &contact); err != nil || contact.Contact.ID == 0 {
		t.Error(err)
	}
}

// Every path that a record's links point at exists below /api too.
func TestLinksLeadSomewhere(t *testing.T) {
	b := seeded(t, Config{})
	for _, record := range []string{"/contacts/" + b.contact("ann@example.com"), "/sales_accounts/" + b.account("Acme")} {
		g := b.call("GET", record, nil).is(200)
		wrapper := strings.TrimSuffix(strings.Split(record, "/")[1], "s")
		links, _ := g.at(wrapper + ".links").(map[string]any)
		for name, path := range links {
			if slices.Contains([]string{"reminders", "duplicates", "connections"}, name) {
				continue // nothing a loader reads
			}
			b.call("GET", strings.TrimPrefix(path.(string), "/crm/sales"), nil).is(200)
		}
	}
}
