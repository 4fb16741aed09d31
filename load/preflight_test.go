package load

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"

	"ferry/internal/run"
	"ferry/load/account"
	"ferry/load/freshsales/twin"
)

// try loads and gives the Problem it ends with.
func (b *bench) try(change ...func(*RunOptions)) *run.Problem {
	b.t.Helper()
	o := b.runOptions()
	for _, c := range change {
		c(&o)
	}
	_, err := Run(context.Background(), b.dir, o)
	if err == nil {
		return &run.Problem{}
	}
	p, ok := err.(*run.Problem)
	if !ok {
		b.t.Fatalf("not a Problem: %v", err)
	}
	return p
}

func TestPreflightStopsBeforeTheFirstWrite(t *testing.T) {
	tw, err := twin.New(twin.Config{Plan: "growth", LimitsOff: true, Account: testAccount(), Switches: quick(),
		Keys: []twin.Key{{Token: "weak", NoAccess: true, Owner: "sam@example.com"}}})
	if err != nil {
		t.Fatal(err)
	}
	defer tw.Close()
	server := httptest.NewServer(tw)
	defer server.Close()
	b := &bench{t: t, project: run.OpenProject(t.TempDir()), twin: tw, url: server.URL}
	b.newRun()
	b.contacts(3)
	b.deals(2)
	nobody := httptest.NewServer(tw)
	nobody.Close()
	for name, c := range map[string]struct {
		change func(*RunOptions)
		says   string
	}{
		"a wrong key":      {func(o *RunOptions) { o.Key = "wrong" }, "does not accept the API key"},
		"no permission":    {func(o *RunOptions) { o.Key = "weak" }, "may not do this"},
		"nobody there":     {func(o *RunOptions) { o.URL = nobody.URL }, "could not be reached"},
		"not Freshsales":   {func(o *RunOptions) { o.URL = server.URL + "/shop" }, "does not answer like"},
		"open without TLS": {func(o *RunOptions) { o.URL = "http://acme.myfreshworks.com" }, "without TLS"},
		"an unknown plan":  {func(o *RunOptions) { o.PlanName = "platinum" }, "no plan"},
		"side effects":     {func(o *RunOptions) { o.Rehearsal = false }, "sets off things"},
		"too many hours": {func(o *RunOptions) { o.PlanName, o.MaxLoadHours, o.PerHour = "growth", 0.001, 100 },
			"max_load_hours"},
		"a key with spaces": {func(o *RunOptions) { o.Key = "a b" }, "character no key has"},
	} {
		t.Run(name, func(t *testing.T) {
			before := tw.WriteCalls()
			p := b.try(c.change)
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
	if p := b.try(func(o *RunOptions) {
		o.Rehearsal, o.Acknowledged = false, []string{account.AckWorkflows, account.AckMoves, account.SingleLinks}
	}); p.What != "" {
		t.Errorf("everything accepted, and still: %v", p)
	}
}

func TestStagesNobodyCanMakeStopAProductionLoad(t *testing.T) {
	b := newBench(t, quick())
	b.contacts(4)
	b.table("deals", dealColumns, run.Row{"d1", "c000001", nil, "Deal", "Closing soon", 5.0})
	p := b.try(func(o *RunOptions) {
		o.Rehearsal, o.Acknowledged = false, []string{account.AckWorkflows, account.AckMoves}
	})
	if p.Exit != run.ExitStop || !strings.Contains(p.Error(), `"Closing soon"`) {
		t.Errorf("%v", p)
	}
	if p := b.try(); p.What != "" { // a rehearsal goes on and withholds the value
		t.Errorf("%v", p)
	}
}

func TestAPlanSaysWhatALoadWouldBeRefusedFor(t *testing.T) {
	b := newBench(t, quick("field_creation", "documented"))
	b.contacts(3)
	b.table("fields", fieldColumns, fieldRow("cf_points_balance", "Points", "number"),
		fieldRow("cf_tier", "Tier", "dropdown", "Gold"))
	o := b.runOptions().PlanOptions
	r, err := Plan(context.Background(), b.dir, o)
	if err != nil || r.Closed == nil || !strings.Contains(r.Closed.Error(), "cf_tier") {
		t.Errorf("%v, %v", r.Closed, err)
	}
	o.CreateFields = true
	if r, err = Plan(context.Background(), b.dir, o); err != nil || r.Closed != nil {
		t.Errorf("%v, %v", r.Closed, err)
	}
	o.Rehearsal = false
	if r, err = Plan(context.Background(), b.dir, o); err != nil || r.Closed == nil ||
		!strings.Contains(r.Closed.Error(), account.AckWorkflows) {
		t.Errorf("%v, %v", r.Closed, err)
	}
	if n := b.twin.WriteCalls(); n != 0 {
		t.Errorf("a plan wrote %d times", n)
	}
}
