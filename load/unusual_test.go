package load_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"ferry/internal/run"
	"ferry/load"
	"ferry/load/account"
	"ferry/load/freshsales"
	"ferry/load/freshsales/twin"
	"ferry/load/ledger"
	"ferry/load/loadtest"
	"ferry/load/record"
	"ferry/load/rollback"
)

// A key that is refused did nothing: what was under way is sent as if nothing had been, without waiting for
// what cannot have happened and without a call more.
func TestARefusedKeyDidNothing(t *testing.T) {
	for _, on := range []string{"contacts.bulk_upsert", "tasks.create", "notes.create", "deals.create"} {
		t.Run(on, func(t *testing.T) {
			tables := func(b *loadtest.Bench) *loadtest.Bench {
				b.Contacts(6)
				b.Tasks(12, 6)
				b.Notes(6, 6)
				b.Deals(3)
				return b
			}
			usual := tables(loadtest.NewBench(t, loadtest.Quick())).Load().Calls
			b := tables(loadtest.NewBench(t, loadtest.Quick()))
			if err := b.Twin.SetFaults(1, twin.Fault{Kind: "401", On: on, Times: 1}); err != nil {
				t.Fatal(err)
			}
			o := b.RunOptions()
			o.SettleAfter, o.Workers, o.KeyName = time.Hour, 1, "FERRY_TWIN_KEY"
			first, err := load.Run(context.Background(), b.Dir, o)
			loadtest.ProblemOf(t, err, run.ExitFailed, "FERRY_TWIN_KEY")
			ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
			defer cancel()
			second, err := load.Run(ctx, b.Dir, o)
			if err != nil {
				t.Fatal(err)
			}
			// The second looks at the account once more; besides that, the refused call is all that was spent twice.
			preflight := int64(0)
			for _, c := range b.Loaded(record.CallsTable) {
				if c["phase"] == "preflight" || c["phase"] == "plan" {
					n := int64(0)
					_, _ = fmt.Sscan(c["used"], &n)
					preflight += n
				}
			}
			if extra := first.Calls + second.Calls - usual - preflight; extra > 2 {
				t.Errorf("%d calls more than an undisturbed load", extra)
			}
			if b.Twin.Counts()["tasks"] != 12 || b.Twin.Counts()["contacts"] != 6 {
				t.Errorf("%v", b.Twin.Counts())
			}
		})
	}
}

// A create that is answered well, but without a number, is an unknown outcome: it is looked for by its Ref, made
// once, and undone like everything else.
func TestACreateWithoutANumberIsLookedFor(t *testing.T) {
	for _, reply := range []string{"no_id", "empty"} {
		t.Run(reply, func(t *testing.T) {
			b := loadtest.NewBench(t, loadtest.Quick("create_reply", reply, "job_report", "nothing"))
			empty := loadtest.DigestOf(t, b.Twin)
			b.Contacts(5)
			b.Tasks(10, 5)
			b.Notes(5, 5)
			b.Deals(3)
			r := b.Load()
			want := map[string]int{"contacts": 5, "tasks": 10, "notes": 5, "deals": 3}
			for entity, n := range want {
				if r.Counts[entity][ledger.Created] != int64(n) || b.Twin.Counts()[entity] != n {
					t.Errorf("%s: %v, %d there", entity, r.Counts[entity], b.Twin.Counts()[entity])
				}
			}
			for _, o := range b.Loaded(record.OutcomesTable) {
				if o["outcome"] == ledger.Created && record.IdOf(o["target_id"]) == 0 {
					t.Errorf("created without a number: %v", o)
				}
			}
			if r := b.Rollback(); r.Failed+r.Kept != 0 || loadtest.DigestOf(t, b.Twin) != empty {
				t.Errorf("%+v, %v", r, b.Twin.Counts())
			}
		})
	}
}

// Nothing is proven of calls in doubt: a read-back is not clean while there are any, and says how many of what.
func TestAReadBackWithCallsInDoubtIsNotClean(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	b.Contacts(4)
	b.Tasks(8, 4)
	if err := b.Twin.SetFaults(1, twin.Fault{Kind: "500_after", On: "tasks.create"}); err != nil {
		t.Fatal(err)
	}
	o := b.Options()
	ctx, cancel := context.WithCancel(context.Background())
	o.SettleAfter = time.Hour
	o.Events = func(e run.Event) {
		if strings.Contains(e.Text, "unknown outcome") {
			cancel() // somebody loses patience while ferry waits to look
		}
	}
	if _, err := load.Run(ctx, b.Dir, loadtest.ToRun(o)); run.ExitOf(err) != run.ExitInterrupted {
		t.Fatal(err)
	}
	if err := b.Twin.SetFaults(1); err != nil {
		t.Fatal(err)
	}
	r := b.Reconcile("counts")
	if r.IsClean() || r.Open["tasks"] != 8 || !strings.Contains(strings.Join(r.Reasons(), " "), "8 calls in doubt") {
		t.Errorf("%+v", r)
	}
	if n := b.Load().Counts["tasks"][ledger.Created]; n != 8 || b.Twin.Counts()["tasks"] != 8 {
		t.Errorf("%d created, %v", n, b.Twin.Counts())
	}
	if r := b.Reconcile("full"); !r.IsClean() {
		t.Errorf("%v", r.Reasons())
	}
}

// The three test contacts of consent-codes are in the account for ferry's sake: named, and no difference,
// whenever they were made. A stranger is one all the same.
func TestTestContactsAreNamedAndNoDifference(t *testing.T) {
	learn := func(b *loadtest.Bench) {
		for code, email := range []string{1: "yes@example.com", 2: "never@example.com", 3: "no@example.com"} {
			if email != "" {
				b.Person(email, fmt.Sprintf(`,"subscription_status":%d`, code))
			}
		}
		if _, err := account.ConsentCodes(context.Background(), b.Options(), account.ConsentContacts{
			Subscribed: "yes@example.com", Unsubscribed: "no@example.com", NotSubscribed: "never@example.com",
			Channels: []string{"email"}}); err != nil {
			b.T.Fatal(err)
		}
	}
	for _, before := range []bool{true, false} {
		t.Run(fmt.Sprint("made before the load ", before), func(t *testing.T) {
			b := loadtest.NewBench(t, loadtest.Quick())
			if before {
				learn(b)
			}
			b.Contacts(5)
			b.Load()
			if !before {
				learn(b)
			}
			for _, depth := range []string{"counts", "sample", "full"} {
				r := b.Reconcile(depth)
				if !r.IsClean() || (r.Tests == "") != before || r.Calls != r.Cost.Total && depth != "full" {
					t.Errorf("%s: %v, %q, %d calls of %d told", depth, r.Reasons(), r.Tests, r.Calls, r.Cost.Total)
				}
			}
			b.Person("stranger@example.com", "")
			if r := b.Reconcile("counts"); r.IsClean() {
				t.Error("a stranger went for a test contact")
			}
		})
	}
}

// An account that shows one code for everybody is told how to go on.
func TestOneCodeForEverybodyNamesTheWayOn(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	for _, email := range []string{"yes@example.com", "never@example.com", "no@example.com"} {
		b.Person(email, `,"subscription_status":1`)
	}
	_, err := account.ConsentCodes(context.Background(), b.Options(), account.ConsentContacts{
		Subscribed: "yes@example.com", Unsubscribed: "no@example.com", NotSubscribed: "never@example.com",
		Channels: []string{"email"}})
	loadtest.ProblemOf(t, err, run.ExitFailed, "--nobody-written-to email --who")
}

// shifted is the wall's clock, later.
type shifted struct {
	freshsales.Clock
	by time.Duration
}

func (c shifted) Now() time.Time { return c.Clock.Now().Add(c.by) }

// Nothing a load sends depends on the day it runs: a week later, unchanged data writes nothing.
func TestAWeekLaterNothingIsWritten(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	loadtest.KillTables(b)
	b.Load()
	b.NewRun()
	loadtest.KillTables(b)
	later := func(o *load.RunOptions) { o.Clock = shifted{freshsales.SystemClock(), 7 * 24 * time.Hour} }
	if r := b.Load(later); r.Writes != 0 {
		t.Errorf("%d calls that write: %v", r.Writes, r.Planned)
	}
}

// What a run wrote is known to the ledger: it is undone also when the run's folder is gone. A run that wrote
// nothing is refused, with those that did.
func TestARunWhoseFolderIsGoneIsUndone(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	empty := loadtest.DigestOf(t, b.Twin)
	loadtest.KillTables(b)
	b.Load()
	first := b.Dir
	b.NewRun()
	if err := os.RemoveAll(first.Root()); err != nil {
		t.Fatal(err)
	}
	_, err := rollback.Run(context.Background(), b.Dir, rollback.Options{Options: b.Options(),
		OnlyRun: "20260101T000099Z"})
	loadtest.ProblemOf(t, err, run.ExitUsage, "wrote nothing to target twin", first.ID())
	if r := b.Rollback(func(o *rollback.Options) { o.OnlyRun = first.ID() }); r.Failed+r.Kept != 0 ||
		b.Twin.Counts()["contacts"] != 0 || loadtest.DigestOf(t, b.Twin) != empty {
		t.Errorf("%+v %v", r, b.Twin.Counts())
	}
}

// Links are records of their own, and can be sent alone once both ends are there.
func TestOnlyAccountLinks(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick("bulk_links", "honoured"))
	b.Contacts(6, func(i int, row run.Row) { row[7] = "a0000" })
	b.Accounts(1)
	b.Tasks(6, 6)
	for _, only := range []string{"contacts", "accounts"} {
		b.Load(func(o *load.RunOptions) { o.Only = []string{only} })
	}
	r := b.Load(func(o *load.RunOptions) { o.Only = []string{record.AccountLinks} })
	if r.Counts[record.AccountLinks][ledger.Created] != 6 || len(r.Counts) != 1 {
		t.Errorf("%v", r.Counts)
	}
	got := b.Read(b.Row(record.OutcomesTable, "contacts", "c000003")["target_id"])
	if len(got["sales_accounts"].([]any)) != 1 {
		t.Error("not linked")
	}
}

// A sample is as many people as were asked for, not counting those who are held; where there are fewer it says
// why.
func TestASampleOfThreeMovesThree(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	b.Contacts(8)
	var findings []run.Row
	for i := range 5 {
		findings = append(findings, run.Row{"no_email", "hold", "contacts", fmt.Sprintf("c%06d", i), "has no address", true})
	}
	columns := append(loadtest.Texts("rule", "severity", "entity", "key", "reason"),
		run.Column{Name: "is_held", Type: run.Boolean})
	if err := record.WriteRows(b.Dir.Model("checks", "findings"), run.Schema{Name: "findings", Columns: columns},
		findings); err != nil {
		t.Fatal(err)
	}
	if r := b.Load(func(o *load.RunOptions) { o.Sample = 3 }); r.Counts["contacts"][ledger.Created] != 3 {
		t.Errorf("%v", r.Counts)
	}
	p, err := load.Plan(context.Background(), b.Dir, load.PlanOptions{Options: b.Options(), Sample: 7})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range p.Notices {
		if n.Kind == "sample" && strings.Contains(n.Text, "7 people were asked for, and 3 go") &&
			strings.Contains(n.Text, "not held") {
			return
		}
	}
	t.Errorf("nobody was told why: %v", p.Notices)
}

// A server that repeats the key in its words does not get it into what ferry keeps.
func TestAKeyThatIsRepeatedIsMasked(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/tasks") && r.Method == http.MethodPost {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprintf(w, `{"errors":{"message":["Not for %s"]}}`, r.Header.Get("Authorization"))
			return
		}
		b.Twin.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	b.URL = srv.URL + "/crm/sales"
	b.Contacts(2)
	b.Tasks(2, 2)
	b.Load()
	if o := b.Row(record.OutcomesTable, "tasks", "t000000"); !strings.Contains(o["reason"], "(the key)") ||
		strings.Contains(o["reason"], twin.DefaultKey) {
		t.Errorf("%v", o)
	}
	for _, path := range []string{b.Options().Target.Ledger(), b.Options().Target.Ledger() + "-wal",
		b.Dir.Loaded("twin", record.OutcomesTable)} {
		if text, err := os.ReadFile(path); err == nil && strings.Contains(string(text), twin.DefaultKey) {
			t.Errorf("%s holds the key", path)
		}
	}
}

// Tables come in the order they are sent in; one that an older ferry stored otherwise is refused, and nobody is
// taken for vanished.
func TestATableInAnotherOrderIsRefused(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	if err := record.WriteRows(b.Dir.Model("freshsales", "contacts"), run.Schema{Name: "contacts",
		Columns: loadtest.ContactColumns}, []run.Row{loadtest.ContactRow(1), loadtest.ContactRow(0)}); err != nil {
		t.Fatal(err)
	}
	if p := b.Try(); !strings.Contains(p.Error(), "not in the order of contact_key") ||
		!strings.Contains(p.Try, "ferry transform") || b.Twin.WriteCalls() != 0 {
		t.Errorf("%v", p)
	}
}

// What an account requires of new records is told before they are sent without it.
func TestARequiredFieldIsToldBeforeTheLoad(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	a := b.Twin.Account()
	a.Fields["contacts"] = append(a.Fields["contacts"], twin.Field{Name: "cf_region", Label: "Region", Type: "text",
		Required: true})
	if err := b.Twin.SetAccount(a); err != nil {
		t.Fatal(err)
	}
	b.Contacts(4)
	p, err := load.Plan(context.Background(), b.Dir, b.RunOptions().PlanOptions)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range p.Notices {
		if n.Kind == "required_field" && n.Key == "cf_region" && strings.Contains(n.Text, "4 records") {
			return
		}
	}
	t.Errorf("nobody was told: %v", p.Notices)
}
