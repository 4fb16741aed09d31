package twin

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

func people(n int) []any {
	items := make([]any, n)
	for i := range items {
		items[i] = m{"emails": fmt.Sprintf("p%d@example.com", i), "data": m{"last_name": fmt.Sprint("P", i)}}
	}
	return items
}

// job posts a bulk upsert and gives the finished job.
func (b *bench) job(items ...any) got {
	b.Helper()
	url := b.call("POST", "/contacts/bulk_upsert", m{"contacts": items}).is(200).at("job_status_url").(string)
	return b.call("GET", url, nil).is(200)
}

// report is the document inside a job's data.
func (g got) report() got {
	g.Helper()
	return got{T: g.T, body: g.at("data").(string)}
}

// API.md 3.6, 10.1 to 10.4.
func TestBulkUpsert(t *testing.T) {
	b := seeded(t, Config{})
	ann := b.contact("ann@example.com")
	g := b.job(
		m{"emails": "ann@example.com", "data": m{"first_name": "Anna"}},
		m{"id": ann, "data": m{"city": "Cork"}},
		m{"emails": "new@example.com", "data": m{"last_name": "New", "sales_accounts": []any{m{"id": b.account("Acme")}}}},
		m{"emails": "new@example.com", "data": m{"mobile_number": "+353861"}},
		m{"id": "5", "data": m{"city": "x"}},
		m{"emails": "broken", "data": m{"city": "x"}},
		m{"emails": "none@example.com"},
	)
	g.has("status", "SUCCESS", "progress", 100, "job_type_name", "ContactBulkUpsert")
	r := g.report().has("record_status.succeeded", 3, "record_status.failed", 4, "detailed_failure_report.0.emails",
		"new@example.com")
	if r.count("detailed_failure_report") != 4 {
		t.Error(r.body)
	}
	b.call("GET", "/contacts/"+ann, nil).is(200).
		has("contact.first_name", "Anna", "contact.city", "Cork", "contact.last_name", "Müller")
	b.call("GET", "/contacts/"+b.contact("new@example.com")+"?include=sales_accounts", nil).is(200)
	if g := b.call("GET", "/contacts/"+b.contact("new@example.com")+"?include=sales_accounts",
		nil); g.count("contact.sales_accounts") != 0 {
		t.Error("bulk linked an account although bulk_links is ignored")
	}
	b.call("POST", "/contacts/bulk_upsert", m{"contacts": people(101)}).is(400)
	b.call("POST", "/contacts/bulk_upsert", m{"contacts": []any{}}).is(400)
	b.call("GET", "/job_statuses/1", nil).is(404)
}

// account is the id of an account by name.
func (b *bench) account(name string) string {
	b.Helper()
	return b.call("GET", "/lookup?f=name&entities=sales_account&q="+name, nil).is(200).
		id("sales_accounts.sales_accounts.0.id")
}

func TestBulkIsRefusedWhileJobsWait(t *testing.T) {
	b := start(t, free(Config{Switches: Switches{"job_seconds": "3", "bulk_jobs_max": "2"}}))
	for range 2 {
		b.call("POST", "/contacts/bulk_upsert", m{"contacts": people(1)}).is(200)
	}
	b.call("POST", "/contacts/bulk_upsert", m{"contacts": people(1)}).is(405)
	b.clock.Advance(3 * time.Second)
	b.call("POST", "/contacts/bulk_upsert", m{"contacts": people(1)}).is(200)
}

// A job accepted before the twin was stopped is done after it was started again.
func TestWaitingJobOutlivesTheProcess(t *testing.T) {
	dir := t.TempDir()
	b := start(t, free(Config{StateDir: dir, Switches: Switches{"job_seconds": "30"}}))
	b.call("POST", "/contacts/bulk_upsert", m{"contacts": people(5)}).is(200)
	if err := b.twin.Close(); err != nil {
		t.Fatal(err)
	}
	c := start(t, free(Config{StateDir: dir}))
	if n := c.twin.Counts()["contacts"]; n != 0 {
		t.Errorf("%d contacts before the job's time", n)
	}
	c.clock.Advance(30 * time.Second)
	if n := c.twin.Counts()["contacts"]; n != 5 {
		t.Errorf("%d contacts after it", n)
	}
}

// API.md 4.2: bulk of accounts; 4.3: deals only by id.
func TestBulkOfOthers(t *testing.T) {
	b := seeded(t, Config{})
	url := b.call("POST", "/sales_accounts/bulk_upsert", m{"sales_accounts": []any{
		m{"name": "Acme", "data": m{"city": "Cork"}}, m{"name": "Beta", "data": m{"website": "beta.example"}},
		m{"name": "Gamma", "data": m{"website": "not a site"}},
	}}).is(200).at("job_status_url").(string)
	b.call("GET", url, nil).is(200).report().has("record_status.succeeded", 2, "record_status.failed", 1)
	b.call("GET", "/sales_accounts/"+b.account("Acme"), nil).is(200).has("sales_account.city", "Cork")
	deal := b.call("GET", "/search?q=big&include=deal", nil).is(200).id("0.id")
	url = b.call("POST", "/deals/bulk_upsert", m{"deals": []any{
		m{"id": deal, "data": m{"amount": 5}}, m{"name": "Big", "data": m{"amount": 6}},
	}}).is(200).at("job_status_url").(string)
	b.call("GET", url, nil).is(200).report().has("record_status.succeeded", 1, "record_status.failed", 1)
}

func TestJobFaults(t *testing.T) {
	for kind, check := range map[string]func(b *bench, g got){
		jobHangs: func(b *bench, g got) {
			g.has("status", "IN_PROGRESS", "progress", 0)
			if n := b.twin.Counts()["contacts"]; n != 0 {
				b.Errorf("a hanging job wrote %d", n)
			}
		},
		jobFails: func(b *bench, g got) {
			g.has("status", "FAILED")
			if n := b.twin.Counts()["contacts"]; n != 0 {
				b.Errorf("a failed job wrote %d", n)
			}
		},
		jobSomeFail: func(b *bench, g got) {
			g.has("status", "SUCCESS")
			if n := b.twin.Counts()["contacts"]; n == 0 || n > 19 {
				b.Errorf("%d of 20 were written", n)
			}
			if n := g.report().count("detailed_failure_report"); n != 20-b.twin.Counts()["contacts"] {
				b.Errorf("the report tells of %d", n)
			}
		},
		jobOddReport: func(b *bench, g got) {
			var odd map[string]any
			if err := json.Unmarshal([]byte(g.at("data").(string)), &odd); err != nil {
				b.Error(err)
			}
			if _, isObject := odd["record_status"].(map[string]any); isObject {
				b.Error("the report is not odd")
			}
		},
	} {
		t.Run(kind, func(t *testing.T) {
			b := start(t, free(Config{Faults: []Fault{{Kind: kind, On: "contacts.bulk_upsert", Times: 1}}}))
			check(b, b.job(people(20)...))
		})
	}
}

func TestJobReportShapes(t *testing.T) {
	for shape, want := range map[string]string{
		"entries": `{"emails":"broken","error":["Email is invalid"]}`, "strings": `["Email is invalid"]`,
		"map": `{"errors":{"base":`, "nothing": "", "broken": `{"record_status":{"succeeded":`,
	} {
		b := start(t, free(Config{Switches: Switches{"job_report": shape}}))
		data := b.job(m{"emails": "broken", "data": m{}}).at("data").(string)
		if !strings.Contains(data, want) || shape == "nothing" && data != "" {
			t.Errorf("%s: %s", shape, data)
		}
	}
}
