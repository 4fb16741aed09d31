package account_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"

	"ferry/internal/run"
	"ferry/load"
	"ferry/load/account"
	"ferry/load/freshsales/twin"
	"ferry/load/loadtest"
)

func TestPreflightStopsBeforeTheFirstWrite(t *testing.T) {
	tw, err := twin.New(twin.Config{Plan: "growth", LimitsOff: true, Account: loadtest.TestAccount(),
		Switches: loadtest.Quick(),
		Keys:     []twin.Key{{Token: "weak", NoAccess: true, Owner: "sam@example.com"}}})
	if err != nil {
		t.Fatal(err)
	}
	defer tw.Close()
	server := httptest.NewServer(tw)
	defer server.Close()
	b := &loadtest.Bench{T: t, Project: run.OpenProject(t.TempDir()), Twin: tw, URL: server.URL}
	b.NewRun()
	b.Contacts(3)
	b.Deals(2)
	nobody := httptest.NewServer(tw)
	nobody.Close()
	for name, c := range map[string]struct {
		change func(*load.RunOptions)
		says   string
	}{
		"a wrong key":      {func(o *load.RunOptions) { o.Key = "wrong" }, "does not accept the API key"},
		"no permission":    {func(o *load.RunOptions) { o.Key = "weak" }, "may not do this"},
		"nobody there":     {func(o *load.RunOptions) { o.URL = nobody.URL }, "could not be reached"},
		"not Freshsales":   {func(o *load.RunOptions) { o.URL = server.URL + "/shop" }, "does not answer like"},
		"open without TLS": {func(o *load.RunOptions) { o.URL = "http://acme.myfreshworks.com" }, "without TLS"},
		"an unknown plan":  {func(o *load.RunOptions) { o.PlanName = "platinum" }, "no plan"},
		"side effects":     {func(o *load.RunOptions) { o.Rehearsal = false }, "sets off things"},
		"too many hours": {func(o *load.RunOptions) { o.PlanName, o.MaxLoadHours, o.PerHour = "growth", 0.001, 100 },
			"max_load_hours"},
		"a key with spaces": {func(o *load.RunOptions) { o.Key = "a b" }, "character no key has"},
	} {
		t.Run(name, func(t *testing.T) {
			before := tw.WriteCalls()
			p := b.Try(c.change)
			if !strings.Contains(p.Error(), c.says) {
				t.Errorf("%s: %v", name, p)
			}
			if strings.Contains(p.Error(), "wrong") || strings.Contains(p.Error(), "twin-key") {
				t.Errorf("%s: the key is in the open", name)
			}
			if n := tw.WriteCalls() - before; n != 0 {
				t.Errorf("%s: %d writes", name, n)
			}
		})
	}
	if p := b.Try(func(o *load.RunOptions) {
		o.Rehearsal, o.Acknowledged = false, []string{account.AckWorkflows, account.AckMoves, account.SingleLinks}
	}); p.What != "" {
		t.Errorf("everything accepted, and still: %v", p)
	}
}

func TestStagesNobodyCanMakeStopAProductionLoad(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	b.Contacts(4)
	b.Table("deals", loadtest.DealColumns, run.Row{"d1", "c000001", nil, "Deal", "Closing soon", 5.0})
	p := b.Try(func(o *load.RunOptions) {
		o.Rehearsal, o.Acknowledged = false, []string{account.AckWorkflows, account.AckMoves}
	})
	if p.Exit != run.ExitStop || !strings.Contains(p.Error(), `"Closing soon"`) {
		t.Errorf("%v", p)
	}
	if p := b.Try(); p.What != "" { // a rehearsal goes on and withholds the value
		t.Errorf("%v", p)
	}
}

func TestAPlanSaysWhatALoadWouldBeRefusedFor(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick("field_creation", "documented"))
	b.Contacts(3)
	b.Table("fields", loadtest.FieldColumns, loadtest.FieldRow("cf_points_balance", "Points", "number"),
		loadtest.FieldRow("cf_tier", "Tier", "dropdown", "Gold"))
	o := b.RunOptions().PlanOptions
	r, err := load.Plan(context.Background(), b.Dir, o)
	if err != nil || r.Closed == nil || !strings.Contains(r.Closed.Error(), "cf_tier") {
		t.Errorf("%v, %v", r.Closed, err)
	}
	o.CreateFields = true
	if r, err = load.Plan(context.Background(), b.Dir, o); err != nil || r.Closed != nil {
		t.Errorf("%v, %v", r.Closed, err)
	}
	o.Rehearsal = false
	if r, err = load.Plan(context.Background(), b.Dir, o); err != nil || r.Closed == nil ||
		!strings.Contains(r.Closed.Error(), account.AckWorkflows) {
		t.Errorf("%v, %v", r.Closed, err)
	}
	if n := b.Twin.WriteCalls(); n != 0 {
		t.Errorf("a plan wrote %d times", n)
	}
}
