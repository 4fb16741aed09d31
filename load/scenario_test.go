package load_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"ferry/internal/run"
	"ferry/load"
	"ferry/load/freshsales/twin"
	"ferry/load/ledger"
	"ferry/load/loadtest"
	"ferry/load/plan"
	"ferry/load/reconcile"
	"ferry/load/record"
	"ferry/load/rollback"
)

func TestWhatWasThereIsUpdatedAndPutBack(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	id := fmt.Sprint(b.Person("C000001@Example.com", `,"first_name":"Old","job_title":"Baker","tags":["theirs"]`))
	before, err := b.Twin.Digest("contacts")
	if err != nil {
		t.Fatal(err)
	}
	b.Contacts(5)
	p, err := load.Plan(context.Background(), b.Dir, b.RunOptions().PlanOptions)
	if err != nil {
		t.Fatal(err)
	}
	if b.Twin.WriteCalls() != 1 || p.Counts["contacts"][plan.Update] != 1 || p.Counts["contacts"][plan.Create] != 4 {
		t.Errorf("plan: %v, %d writes", p.Counts, b.Twin.WriteCalls())
	}
	if r := b.Is(record.PlanTable, "contacts", "c000001", "action", plan.Update); !strings.Contains(r["changes"],
		`"old":"Old","new":"First"`) {
		t.Errorf("the change is not shown: %v", r)
	}
	b.Load()
	if got := b.Read(id); got["first_name"] != "First" || got["job_title"] != "Baker" ||
		fmt.Sprint(got["tags"]) != "[theirs vip]" {
		t.Errorf("not updated: %v", got)
	}
	if r := b.Load(); r.Writes != 0 {
		t.Errorf("the second load wrote %d calls: %v", r.Writes, r.Counts)
	}
	r, err := rollback.Run(context.Background(), b.Dir, rollback.Options{Options: b.Options()})
	if err != nil {
		t.Fatal(err)
	}
	if r.Reversed != 5 || r.Kept != 0 || r.Failed != 0 {
		t.Errorf("rollback: %+v", r)
	}
	if after := digestOfContacts(t, b.Twin); after != before {
		t.Errorf("the contact is not what it was: %v", b.Read(id))
	}
	if again, err := rollback.Run(context.Background(), b.Dir, rollback.Options{Options: b.Options()}); err != nil ||
		again.Reversed != 0 {
		t.Errorf("a second rollback: %+v %v", again, err)
	}
	b.Load()
	if got := b.Twin.Counts()["contacts"]; got != 5 {
		t.Errorf("after a rollback and another load there are %d contacts", got)
	}
}

func digestOfContacts(t testing.TB, tw *twin.Twin) string {
	t.Helper()
	d, err := tw.Digest("contacts")
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestWhatAPersonTypedIsNotOverwritten(t *testing.T) {
	for policy, want := range map[string]struct{ name, outcome string }{
		record.KeepTheirs: {"Typed", ledger.Conflict}, record.TakeOurs: {"Changed", ledger.Updated},
		record.Ask: {"Typed", ledger.Conflict},
	} {
		t.Run(policy, func(t *testing.T) {
			b := loadtest.NewBench(t, loadtest.Quick())
			b.Contacts(3)
			b.Load()
			id := b.Row(record.OutcomesTable, "contacts", "c000001")["target_id"]
			b.Edit(id, `"first_name":"Typed","city":"Ulm"`)
			b.NewRun()
			b.Contacts(3, func(i int, row run.Row) {
				if i == 1 {
					row[3] = "Changed"
				}
			})
			take := func(o *load.RunOptions) { o.OnConflict = map[string]string{"contacts": policy} }
			r := b.Load(take)
			if got := b.Read(id); got["first_name"] != want.name || got["city"] != "Ulm" {
				t.Errorf("first name %v, city %v", got["first_name"], got["city"])
			}
			if r.Counts["contacts"][want.outcome] != 1 && want.outcome != ledger.Conflict {
				t.Errorf("counts %v", r.Counts)
			}
			b.Is(record.OutcomesTable, "contacts", "c000001", "outcome", want.outcome)
			if again := b.Load(take); again.Writes != 0 {
				t.Errorf("loading again wrote %d calls", again.Writes)
			}
		})
	}
}

func TestOneChangedRowIsOneWrittenRow(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	b.Contacts(120)
	b.Load()
	b.NewRun()
	b.Contacts(120, func(i int, row run.Row) {
		if i == 7 {
			row[4] = "Married"
		}
	})
	b.Twin.ResetCalls()
	r := b.Load()
	if r.Counts["contacts"][ledger.Updated] != 1 || b.Twin.WriteCalls() != 1 {
		t.Errorf("counts %v, %d write calls", r.Counts, b.Twin.WriteCalls())
	}
	got := b.Read(b.Row(record.OutcomesTable, "contacts", "c000007")["target_id"])
	if got["last_name"] != "Married" || got["first_name"] != "First" {
		t.Errorf("%v", got)
	}
}

func TestAPlanIsAppliedExactlyOrNotAtAll(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	b.Contacts(10)
	p, err := load.Plan(context.Background(), b.Dir, b.RunOptions().PlanOptions)
	if err != nil {
		t.Fatal(err)
	}
	file := t.TempDir() + "/plan.parquet"
	text, err := os.ReadFile(p.File)
	if err != nil {
		t.Fatal(err)
	}
	loadtest.WriteAll(t, file, text)
	b.Person("c000003@example.com", "")
	planned := b.RunOptions()
	planned.PlanFile = file
	_, err = load.Run(context.Background(), b.Dir, planned)
	loadtest.ProblemOf(t, err, run.ExitStop, "changed", "1 of its records")
	if b.Twin.WriteCalls() != 1 {
		t.Errorf("%d write calls", b.Twin.WriteCalls())
	}
	p, err = load.Plan(context.Background(), b.Dir, b.RunOptions().PlanOptions)
	if err != nil {
		t.Fatal(err)
	}
	if text, err = os.ReadFile(p.File); err != nil {
		t.Fatal(err)
	}
	loadtest.WriteAll(t, file, text)
	if r := b.Load(func(o *load.RunOptions) { o.PlanFile = file }); r.Counts["contacts"][ledger.Created] != 9 ||
		r.Counts["contacts"][ledger.Updated] != 1 {
		t.Errorf("%v", r.Counts)
	}
}

func TestSlipsOfTheHandAreRefused(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	b.Contacts(2)
	notPlan := b.Dir.Model("freshsales", "contacts")
	text := t.TempDir() + "/ferry.yaml"
	loadtest.WriteAll(t, text, []byte("# How ferry runs."))
	for says, change := range map[string]func(*load.RunOptions){
		`no entity "contacs"`:      func(o *load.RunOptions) { o.Only = []string{"contacs"} },
		"number of people":         func(o *load.RunOptions) { o.Sample = -5 },
		"not a plan ferry wrote":   func(o *load.RunOptions) { o.PlanFile = notPlan },
		"not a plan ferry wrote: ": func(o *load.RunOptions) { o.PlanFile = text },
		"cannot be read":           func(o *load.RunOptions) { o.PlanFile = text + ".parquet" },
	} {
		o := b.RunOptions()
		change(&o)
		_, err := load.Run(context.Background(), b.Dir, o)
		loadtest.ProblemOf(t, err, run.ExitUsage, says)
	}
	if b.Twin.WriteCalls() != 0 {
		t.Error("something was written")
	}
}

func TestASampleIsWholePeopleAndCanBeUndone(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	b.Contacts(50, func(i int, row run.Row) { row[7] = fmt.Sprintf("a%04d", i%5) })
	b.Accounts(5)
	b.Tasks(100, 50)
	b.Deals(50)
	empty := loadtest.DigestOf(t, b.Twin)
	r := b.Load(func(o *load.RunOptions) { o.Sample = 10 })
	if r.Counts["contacts"][ledger.Created] != 10 || r.Counts["tasks"][ledger.Created] != 20 ||
		r.Counts["deals"][ledger.Created] != 10 || r.Counts[record.AccountLinks][ledger.Created] != 10 {
		t.Errorf("%v", r.Counts)
	}
	if _, err := rollback.Run(context.Background(), b.Dir, rollback.Options{Options: b.Options()}); err != nil {
		t.Fatal(err)
	}
	if loadtest.DigestOf(t, b.Twin) != empty {
		t.Errorf("the sample is not undone: %v", b.Twin.Counts())
	}
	if r := b.Load(); r.Counts["contacts"][ledger.Created] != 50 || b.Twin.Counts()["tasks"] != 100 {
		t.Errorf("%v %v", r.Counts, b.Twin.Counts())
	}
}

func TestHeldPeopleAndTheirActivitiesStay(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	b.Contacts(4)
	b.Tasks(8, 4)
	b.Held("c000002", "has no address")
	r := b.Load()
	if r.Counts["contacts"][ledger.Created] != 3 || r.Counts["tasks"][ledger.Created] != 6 ||
		r.Planned["tasks"][plan.Blocked] != 2 {
		t.Errorf("%v %v", r.Counts, r.Planned)
	}
	b.Is(record.OutcomesTable, "contacts", "c000002", "reason", "a_check: has no address")
	b.Is(record.OutcomesTable, "tasks", "t000002", "outcome", ledger.Blocked)
}

func TestTwoRowsWithOneAddressAreNotMadeOne(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	b.Contacts(10, func(i int, row run.Row) {
		if i == 6 {
			row[2] = "C000002@example.com"
		}
	})
	for range 2 {
		b.Load()
		b.Is(record.OutcomesTable, "contacts", "c000006", "outcome", ledger.Conflict)
		got := b.Read(b.Row(record.OutcomesTable, "contacts", "c000002")["target_id"])
		if got["last_name"] != "Last 2" || b.Twin.Counts()["contacts"] != 9 {
			t.Fatalf("%v, %v", got["last_name"], b.Twin.Counts())
		}
	}
}

// What hangs on a contact that somebody deleted costs nothing once that is known, and one call and a look until then.
func TestADeletedContactTakesNothingAlong(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	load := func(name string, notes int) load.Result {
		b.NewRun()
		b.Contacts(2, func(i int, row run.Row) {
			if i == 1 {
				row[3] = name
			}
		})
		var rows []run.Row
		for i := range notes {
			rows = append(rows, run.Row{fmt.Sprintf("n%03d", i), "c000001", "A note"})
		}
		b.Table("notes", loadtest.Texts("note_key", "contact_key", "description"), rows...)
		return b.Load(func(o *load.RunOptions) { o.Workers = 1 })
	}
	load("Ann", 0)
	id := b.Row(record.OutcomesTable, "contacts", "c000001")["target_id"]
	loadtest.Call(t, b.URL, "DELETE", "/contacts/"+id, "")
	if r := load("Ann", 30); r.Writes != 1 {
		t.Errorf("nobody knew: %d writes, %v", r.Writes, r.Counts)
	}
	b.Is(record.OutcomesTable, "contacts", "c000001", "outcome", ledger.Conflict)
	b.Is(record.OutcomesTable, "notes", "n029", "reason", record.ContactDeleted)
	for _, name := range []string{"Ann", "Anna"} {
		if r := load(name, 40); r.Writes != 0 || r.Planned["notes"][plan.Blocked]+r.Planned["notes"][plan.Pending] != 40 {
			t.Errorf("%s: %d writes, %v", name, r.Writes, r.Planned)
		}
	}
}

// Of whom a purge erased, a read-back writes nothing down again, and an undo says what it leaves.
func TestWhatWasErasedStaysErased(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	b.Contacts(2)
	b.Tasks(2, 2)
	b.Notes(2, 2)
	b.Load()
	gone := map[string]bool{"c000001": true, "t000001": true, "n000001": true}
	if _, err := ledger.Forget(b.Options().Target, gone, nil, func(key string) string { return key }); err != nil {
		t.Fatal(err)
	}
	b.Reconcile(reconcile.DepthFull)
	for _, r := range b.Loaded(record.ReadbackTable) {
		if gone[r["key"]] && r["found"] != "" {
			t.Errorf("written down again: %v", r)
		}
	}
	r := b.Rollback()
	for entity, key := range map[string]string{"contacts": "c000001", "tasks": "t000001", "notes": "n000001"} {
		if o := b.Row(record.RollbackTable, entity, key); o["result"] != "failed" || b.Twin.Counts()[entity] != 1 {
			t.Errorf("%v, %v", o, b.Twin.Counts())
		}
	}
	if r.Failed != 3 {
		t.Errorf("%+v", r)
	}
}
