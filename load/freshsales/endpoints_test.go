package freshsales_test

import (
	"context"
	"fmt"
	"io"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"ferry/load/freshsales"
	"ferry/load/freshsales/twin"
)

// visit opens a twin and a client that talks to it over loopback.
func visit(t *testing.T, c twin.Config) (*freshsales.Client, *twin.Twin) {
	t.Helper()
	quick := twin.Switches{"job_seconds": "0", "index_lag_seconds": "0"}
	for name, value := range c.Switches {
		quick[name] = value
	}
	c.Switches, c.LimitsOff = quick, true
	tw, err := twin.New(c)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(tw)
	t.Cleanup(func() {
		server.Close()
		if err := tw.Close(); err != nil {
			t.Error(err)
		}
	})
	client, err := freshsales.New(freshsales.Config{URL: server.URL, Key: twin.DefaultKey,
		Clock: freshsales.ScaledClock(time.Now(), 1000)})
	if err != nil {
		t.Fatal(err)
	}
	return client, tw
}

func attributes(format string, args ...any) freshsales.Attributes {
	return freshsales.Attributes(fmt.Sprintf(format, args...))
}

func TestContactsFromCreateToBin(t *testing.T) {
	c, _ := visit(t, twin.Config{})
	ctx := context.Background()
	first, err := c.Upsert(ctx, freshsales.Contacts, "emails", "ann@example.com",
		attributes(`{"first_name":"Ann","external_id":"x-1","tags":["a","b"]}`))
	if err != nil || !first.Created || first.Record.Email() != "ann@example.com" {
		t.Fatalf("%+v, %v", first, err)
	}
	second, err := c.Upsert(ctx, freshsales.Contacts, "emails", "ANN@example.com", attributes(`{"last_name":"Lee"}`))
	if err != nil || second.Created || second.Record.ID() != first.Record.ID() {
		t.Fatalf("%+v, %v", second, err)
	}
	id := first.Record.ID()
	if _, err := c.Update(ctx, freshsales.Contacts, id, attributes(`{"job_title":"CTO"}`)); err != nil {
		t.Fatal(err)
	}
	r, err := c.Get(ctx, freshsales.Contacts, id, "sales_accounts")
	if err != nil || r.Text("job_title") != "CTO" || r.Text("last_name") != "Lee" ||
		strings.Join(r.Texts("tags"), "") != "ab" {
		t.Fatalf("%v, %v", r, err)
	}
	for field, value := range map[string]string{"email": "ann@example.com", "external_id": "x-1"} {
		if rows, err := c.Lookup(ctx, freshsales.Contacts, field, value); err != nil || len(rows) != 1 || rows[0].ID != id {
			t.Errorf("lookup by %s: %v, %v", field, rows, err)
		}
	}
	if hits, err := c.Search(ctx, "ann@example.com", freshsales.Contacts); err != nil || len(hits) != 1 ||
		hits[0].ID != id {
		t.Errorf("search: %v, %v", hits, err)
	}
	if found, err := c.Delete(ctx, freshsales.Contacts, id); !found || err != nil {
		t.Fatal(found, err)
	}
	if found, err := c.Delete(ctx, freshsales.Contacts, id); found || err != nil {
		t.Fatal("deleted twice:", found, err)
	}
	if _, err := c.Get(ctx, freshsales.Contacts, id); freshsales.OutcomeOf(err) != freshsales.Gone {
		t.Fatal(err)
	}
	_, err = c.Create(ctx, freshsales.Contacts, attributes(`{"first_name":"No Mail"}`))
	if freshsales.OutcomeOf(err) != freshsales.Refused || freshsales.MessagesOf(err) == "" {
		t.Fatalf("%v %q", err, freshsales.MessagesOf(err))
	}
}

func TestBulkAndViews(t *testing.T) {
	c, _ := visit(t, twin.Config{})
	ctx := context.Background()
	var items []freshsales.Item
	for i := range 100 {
		items = append(items, freshsales.Item{Key: fmt.Sprintf("p%03d@example.com", i),
			Data: attributes(`{"first_name":"P%d","mobile_number":"+49170%07d"}`, i, i)})
	}
	items[7].Data = attributes(`{"mobile_number":"+491700000001"}`) // taken
	job, err := c.BulkUpsert(ctx, freshsales.Contacts, items)
	if err != nil || job.ID == 0 {
		t.Fatal(job, err)
	}
	state, err := c.JobState(ctx, job)
	if err != nil || !state.Ended || state.Succeeded != 99 || state.Failed != 1 || len(state.Failures) != 1 {
		t.Fatalf("%+v, %v", state, err)
	}
	views, err := c.Views(ctx, freshsales.Contacts)
	if err != nil {
		t.Fatal(err)
	}
	all, ok := freshsales.FindView(views, freshsales.Contacts.AllView)
	if !ok {
		t.Fatal(views)
	}
	page, err := c.ViewPage(ctx, freshsales.Contacts, all.ID, freshsales.Query{PerPage: 60, Page: 2, Sort: "id"})
	if err != nil || page.Total != 99 || page.Pages != 2 || len(page.Rows) != 39 || page.Rows[0].Email == "" ||
		page.Rows[0].Mobile == "" {
		t.Fatalf("%d rows of %d on %d pages, %v", len(page.Rows), page.Total, page.Pages, err)
	}
	found, err := c.FilteredSearch(ctx, freshsales.Contacts,
		[]freshsales.Rule{{Attribute: "first_name", Operator: "is", Value: "P5"}}, freshsales.Query{})
	if err != nil || len(found.Rows) != 1 {
		t.Fatalf("%+v, %v", found, err)
	}
	var ids []int64
	for _, r := range page.Rows {
		ids = append(ids, r.ID)
	}
	if err := c.BulkDestroy(ctx, freshsales.Contacts, ids); err != nil {
		t.Fatal(err)
	}
	if page, err = c.ViewPage(ctx, freshsales.Contacts, all.ID, freshsales.Query{PerPage: 1}); err != nil ||
		page.Total != 60 {
		t.Fatal(page.Total, err)
	}
}

func TestWhatHangsOnAContact(t *testing.T) {
	c, _ := visit(t, twin.Config{Plan: "pro"})
	ctx := context.Background()
	account, err := c.Upsert(ctx, freshsales.Accounts, "name", "Acme",
		attributes(`{"name":"Acme","website":"https://acme.example"}`))
	if err != nil {
		t.Fatal(err)
	}
	contact, err := c.Create(ctx, freshsales.Contacts,
		attributes(`{"emails":"ann@example.com","sales_accounts":[{"id":%d,"is_primary":true}]}`, account.Record.ID()))
	if err != nil {
		t.Fatal(err)
	}
	target := fmt.Sprintf(`"targetable_type":"Contact","targetable_id":%d`, contact.ID())
	deal, err := c.Create(ctx, freshsales.Deals,
		attributes(`{"name":"Big","amount":12.5,"contacts_added_list":[%d],"sales_account_id":%d}`, contact.ID(),
			account.Record.ID()))
	if err != nil || deal.Text("amount") != "12.5" {
		t.Fatal(deal, err)
	}
	task, err := c.Create(ctx, freshsales.Tasks,
		attributes(`{"title":"T","due_date":"2024-05-01T10:00:00Z","status":1,%s}`, target))
	if err != nil {
		t.Fatal(err)
	}
	if page, err := c.List(ctx, freshsales.Tasks, freshsales.Query{Filter: "completed"}); err != nil ||
		len(page.Rows) != 1 || page.Rows[0].ID != task.ID() {
		t.Errorf("tasks: %+v, %v", page, err)
	}
	note, err := c.Create(ctx, freshsales.Notes, attributes(`{"description":"N",%s}`, target))
	if err != nil {
		t.Fatal(err)
	}
	if page, err := c.Related(ctx, freshsales.Contacts, contact.ID(), freshsales.Notes, freshsales.Query{}); err != nil ||
		len(page.Rows) != 1 || page.Rows[0].ID != note.ID() {
		t.Errorf("notes: %+v, %v", page, err)
	}
	if _, err := c.Get(ctx, freshsales.Notes, note.ID()); freshsales.OutcomeOf(err) != freshsales.Gone {
		t.Errorf("a note was read by itself: %v", err)
	}
	call, err := c.Create(ctx, freshsales.PhoneCalls,
		attributes(`{"call_direction":true,"targetable_type":"contact","targetable":{"id":"%d"},"note":{"description":"hello"}}`, contact.ID()))
	if err != nil || call.ID() == 0 {
		t.Error(call, err)
	}
	file := freshsales.File{Name: "Übersicht \"neu\".pdf", Size: 5, Target: freshsales.Contacts, TargetID: contact.ID(),
		Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("hello")), nil }}
	if _, err := c.Upload(ctx, file); err != nil {
		t.Error(err)
	}
	if _, err := c.Link(ctx, "site", "https://acme.example", freshsales.Contacts, contact.ID()); err != nil {
		t.Error(err)
	}
	page, err := c.DocumentsOf(ctx, freshsales.Contacts, contact.ID())
	if err != nil || len(page.Rows) != 2 {
		t.Fatalf("documents: %+v, %v", page, err)
	}
	if r := page.Rows[1].Record(); r.Text("name") != file.Name || r.Text("content_type") != "application/pdf" ||
		r.Int("size") != 5 {
		t.Errorf("%v", r)
	}
	if found, err := c.Delete(ctx, freshsales.Tasks, task.ID()); err != nil || !found {
		t.Error(found, err)
	}
}

func TestSettingsAreRead(t *testing.T) {
	account := twin.DefaultAccount()
	account.Fields["contacts"] = []twin.Field{{Label: "Tier", Type: "dropdown",
		Choices: []twin.Choice{{Value: "Gold"}, {Value: "Silver"}}}}
	c, _ := visit(t, twin.Config{Account: &account, Plan: "pro", Switches: twin.Switches{"field_creation": "both"}})
	ctx := context.Background()
	owners, err := c.Owners(ctx)
	if err != nil || len(owners) < 3 || owners[0].Email == "" || !owners[0].IsActive {
		t.Fatal(owners, err)
	}
	for _, name := range []string{"lifecycle_stages", "contact_statuses", "deal_pipelines", "deal_stages", "currencies",
		"sales_activity_types", "lead_sources"} {
		if list, err := c.Selector(ctx, name); err != nil || len(list) == 0 || list[0].ID == 0 || list[0].Name == "" {
			t.Errorf("%s: %v, %v", name, list, err)
		}
	}
	find := func(name string) (freshsales.Field, bool) {
		fields, err := c.Fields(ctx, freshsales.Contacts)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range fields {
			if f.Name == name {
				return f, true
			}
		}
		return freshsales.Field{}, false
	}
	tier, ok := find("cf_tier")
	if !ok || tier.Kind() != freshsales.KindDropdown || !tier.IsCustom || len(tier.Choices) != 2 ||
		tier.Choices[1].Name != "Silver" || tier.Choices[1].ID == 0 {
		t.Errorf("%+v", tier)
	}
	forms, err := c.Forms(ctx, freshsales.Contacts)
	if err != nil || len(forms) == 0 {
		t.Fatal(forms, err)
	}
	for i, door := range []freshsales.FieldDoor{freshsales.DocumentedDoor, freshsales.MarketplaceDoor} {
		want := freshsales.NewField{Name: fmt.Sprintf("cf_fresh_%d", i), Label: fmt.Sprintf("Something fresh %d", i),
			Kind: freshsales.KindMultiSelect, Choices: []string{"x", "y"}}
		if _, err := c.CreateField(ctx, freshsales.Contacts, door, forms[0].ID, want); err != nil {
			t.Fatal(door, err)
		}
		if f, ok := find(want.Name); !ok || f.Kind() != want.Kind || len(f.Choices) != 2 {
			t.Errorf("%s made %+v", door, f)
		}
	}
}

func TestAWrongKeyAndAWeakOne(t *testing.T) {
	tw, err := twin.New(twin.Config{LimitsOff: true, Keys: []twin.Key{{Token: "weak", NoAccess: true}}})
	if err != nil {
		t.Fatal(err)
	}
	defer tw.Close()
	server := httptest.NewServer(tw)
	defer server.Close()
	for key, want := range map[string]freshsales.Outcome{"wrong": freshsales.BadKey, "weak": freshsales.Forbidden} {
		c, err := freshsales.New(freshsales.Config{URL: server.URL, Key: key})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Ping(context.Background()); freshsales.OutcomeOf(err) != want {
			t.Errorf("%s: %v", key, err)
		}
	}
}

// TestTheTwinsLimitsAreKept runs against the twin's own counting, over virtual hours.
func TestTheTwinsLimitsAreKept(t *testing.T) {
	for _, window := range []string{"fixed", "sliding"} {
		synctest.Test(t, func(t *testing.T) {
			tw, err := twin.New(twin.Config{Plan: "growth", Switches: twin.Switches{"limit_window": window}})
			if err != nil {
				t.Fatal(err)
			}
			defer tw.Close()
			limits, _ := freshsales.PlanLimits("growth")
			pacer, err := freshsales.NewPacer(freshsales.PaceConfig{Limits: limits, Share: 1, Workers: 8})
			if err != nil {
				t.Fatal(err)
			}
			var mu sync.Mutex
			calls, refused := 0, 0
			c, err := freshsales.New(freshsales.Config{URL: "http://localhost", Key: twin.DefaultKey, Pacer: pacer,
				Transport: wire{tw},
				OnAttempt: func(a freshsales.Attempt) {
					mu.Lock()
					defer mu.Unlock()
					calls++
					if a.Outcome == freshsales.Later {
						refused++
					}
				}})
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(context.Background(), 6*time.Hour)
			defer cancel()
			var all sync.WaitGroup
			for range 8 {
				all.Go(func() {
					for ctx.Err() == nil {
						_, _ = c.Owners(ctx)
					}
				})
			}
			all.Wait()
			if refused > 0 || calls < 5990 {
				t.Errorf("%s windows: %d calls in 6 hours, %d refused", window, calls, refused)
			}
		})
	}
}
