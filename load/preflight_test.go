package load

import (
	"context"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"ferry/internal/run"
	"ferry/load/freshsales"
	"ferry/load/freshsales/twin"
)

// try loads and gives the Problem it ends with.
func (b *bench) try(change ...func(*Options)) *run.Problem {
	b.t.Helper()
	o := b.options()
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
		change func(*Options)
		says   string
	}{
		"a wrong key":       {func(o *Options) { o.Key = "wrong" }, "does not accept the API key"},
		"no permission":     {func(o *Options) { o.Key = "weak" }, "may not do this"},
		"nobody there":      {func(o *Options) { o.URL = nobody.URL }, "could not be reached"},
		"not Freshsales":    {func(o *Options) { o.URL = server.URL + "/shop" }, "does not answer like"},
		"open without TLS":  {func(o *Options) { o.URL = "http://acme.myfreshworks.com" }, "without TLS"},
		"an unknown plan":   {func(o *Options) { o.PlanName = "platinum" }, "no plan"},
		"side effects":      {func(o *Options) { o.Rehearsal = false }, "sets off things"},
		"too many hours":    {func(o *Options) { o.PlanName, o.MaxLoadHours, o.PerHour = "growth", 0.001, 100 }, "max_load_hours"},
		"a key with spaces": {func(o *Options) { o.Key = "a b" }, "character no key has"},
	} {
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
	}
	if p := b.try(func(o *Options) {
		o.Rehearsal, o.Acknowledged = false, []string{ackWorkflows, ackMoves, SingleLinks}
	}); p.What != "" {
		t.Errorf("everything accepted, and still: %v", p)
	}
}

func TestStagesNobodyCanMakeStopAProductionLoad(t *testing.T) {
	b := newBench(t, quick())
	b.contacts(4)
	b.table("deals", dealColumns, run.Row{"d1", "c000001", nil, "Deal", "Closing soon", 5.0})
	p := b.try(func(o *Options) { o.Rehearsal, o.Acknowledged = false, []string{ackWorkflows, ackMoves} })
	if p.Exit != run.ExitStop || !strings.Contains(p.Error(), `"Closing soon"`) {
		t.Errorf("%v", p)
	}
	if p := b.try(); p.What != "" { // a rehearsal goes on and withholds the value
		t.Errorf("%v", p)
	}
}

func TestAnActivitySettingThatFitsIsNamed(t *testing.T) {
	b := newBench(t, quick())
	b.contacts(10)
	b.tasks(1000, 10)
	a := &account{dir: b.dir}
	e := Estimate{Calls: []PhaseCalls{{"tasks", "tasks create", 1000}, {"contacts", "contacts bulk_upsert", 20}}, Total: 1020, Hours: 10.2}
	for hours, says := range map[float64]string{5.3: "activity.latest_n: 50", 1.5: "activity.latest_n: 10", 0.25: "activity.events: none", 0.1: "even without"} {
		err := a.affordable(e, Options{MaxLoadHours: hours, Target: b.project.Target("x")})
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v hours: %v", hours, err)
		}
	}
	if err := a.affordable(e, Options{MaxLoadHours: 11}); err != nil {
		t.Error(err)
	}
}

func TestAPlanSaysWhatALoadWouldBeRefusedFor(t *testing.T) {
	b := newBench(t, quick("field_creation", "documented"))
	b.contacts(3)
	b.table("fields", fieldColumns, fieldRow("cf_points_balance", "Points", "number"), fieldRow("cf_tier", "Tier", "dropdown", "Gold"))
	o := b.options()
	r, err := Plan(context.Background(), b.dir, o)
	if err != nil || r.Closed == nil || !strings.Contains(r.Closed.Error(), "cf_tier") {
		t.Errorf("%v, %v", r.Closed, err)
	}
	o.CreateFields = true
	if r, err = Plan(context.Background(), b.dir, o); err != nil || r.Closed != nil {
		t.Errorf("%v, %v", r.Closed, err)
	}
	o.Rehearsal = false
	if r, err = Plan(context.Background(), b.dir, o); err != nil || r.Closed == nil || !strings.Contains(r.Closed.Error(), ackWorkflows) {
		t.Errorf("%v, %v", r.Closed, err)
	}
	if n := b.twin.WriteCalls(); n != 0 {
		t.Errorf("a plan wrote %d times", n)
	}
}

func TestDocumentsMustFitTheStorage(t *testing.T) {
	b := newBench(t, quick())
	if err := os.MkdirAll(b.project.Exports(), run.DirMode); err != nil {
		t.Fatal(err)
	}
	for name, size := range map[string]int64{"small.pdf": 10, "huge.pdf": 151 << 20} {
		f, err := os.Create(b.project.Exports() + "/" + name)
		if err == nil {
			err = f.Truncate(size) // takes no room on the disk
		}
		if err == nil {
			err = f.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	b.table("documents", texts("document_key", "contact_key", "file_name", "path"), run.Row{"f1", "c1", "a", "small.pdf"}, run.Row{"f2", "c1", "b", "huge.pdf"},
		run.Row{"f3", "c1", "c", "nowhere.pdf"}, run.Row{"f4", "c1", "d", "../../etc/passwd"})
	a := &account{dir: b.dir, owners: []freshsales.Owner{{ID: 1, IsActive: true}}}
	notices, err := a.holds(Options{PlanName: "growth"})
	if err != nil || len(notices) != 2 || !strings.HasPrefix(notices[0].text, "2 of 4") {
		t.Errorf("%v, %v", notices, err)
	}
	if _, err := a.holds(Options{PlanName: "free"}); run.ExitOf(err) != run.ExitStop {
		t.Errorf("the Free plan holds no files: %v", err)
	}
	if _, err := a.holds(Options{PlanName: "free", Acknowledged: []string{ackStorage}}); err != nil {
		t.Error(err)
	}
}
