package load

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"ferry/internal/run"
	"ferry/load/freshsales/twin"
	"ferry/load/ledger"
	"ferry/load/plan"
	"ferry/load/record"
	"ferry/load/rollback"
)

// person makes a contact as somebody in the account would.
func (b *bench) person(email, more string) int64 {
	b.t.Helper()
	r := call(b.t, b.url, "POST", "/contacts", fmt.Sprintf(`{"contact":{"emails":%q%s}}`, email, more))
	return int64(r["contact"].(map[string]any)["id"].(float64))
}

func (b *bench) edit(id string, attributes string) {
	b.t.Helper()
	call(b.t, b.url, "PUT", "/contacts/"+id, `{"contact":{`+attributes+`}}`)
}

func (b *bench) read(id string) map[string]any {
	b.t.Helper()
	return call(b.t, b.url, "GET", "/contacts/"+id+"?include=sales_accounts", "")["contact"].(map[string]any)
}

// row finds the row of a key in a loaded table.
func (b *bench) row(table, entity, key string) map[string]string {
	b.t.Helper()
	for _, r := range b.loaded(table) {
		if r["entity"] == entity && r["key"] == key {
			return r
		}
	}
	b.t.Fatalf("%s has no %s %s", table, entity, key)
	return nil
}

func (b *bench) is(table, entity, key, column, want string) map[string]string {
	b.t.Helper()
	r := b.row(table, entity, key)
	if r[column] != want {
		b.t.Errorf("%s of %s %s: %s is %q, want %q (%v)", table, entity, key, column, r[column], want, r)
	}
	return r
}

func problemOf(t testing.TB, err error, exit run.Exit, words ...string) {
	t.Helper()
	var p *run.Problem
	if !errors.As(err, &p) {
		t.Fatalf("not a problem a user can act on: %v", err)
	}
	if run.ExitOf(err) != exit {
		t.Errorf("exit %d, want %d: %v", run.ExitOf(err), exit, err)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%q is not in: %v", w, err)
		}
	}
}

func TestWhatWasThereIsUpdatedAndPutBack(t *testing.T) {
	b := newBench(t, quick())
	id := fmt.Sprint(b.person("C000001@Example.com", `,"first_name":"Old","job_title":"Baker","tags":["theirs"]`))
	before, err := b.twin.Digest("contacts")
	if err != nil {
		t.Fatal(err)
	}
	b.contacts(5)
	p, err := Plan(context.Background(), b.dir, b.runOptions().PlanOptions)
	if err != nil {
		t.Fatal(err)
	}
	if b.twin.WriteCalls() != 1 || p.Counts["contacts"][plan.Update] != 1 || p.Counts["contacts"][plan.Create] != 4 {
		t.Errorf("plan: %v, %d writes", p.Counts, b.twin.WriteCalls())
	}
	if r := b.is(record.PlanTable, "contacts", "c000001", "action", plan.Update); !strings.Contains(r["changes"],
		`"old":"Old","new":"First"`) {
		t.Errorf("the change is not shown: %v", r)
	}
	b.load()
	if got := b.read(id); got["first_name"] != "First" || got["job_title"] != "Baker" ||
		fmt.Sprint(got["tags"]) != "[theirs vip]" {
		t.Errorf("not updated: %v", got)
	}
	if r := b.load(); r.Writes != 0 {
		t.Errorf("the second load wrote %d calls: %v", r.Writes, r.Counts)
	}
	r, err := rollback.Run(context.Background(), b.dir, rollback.Options{Options: b.options()})
	if err != nil {
		t.Fatal(err)
	}
	if r.Reversed != 5 || r.Kept != 0 || r.Failed != 0 {
		t.Errorf("rollback: %+v", r)
	}
	if after := digestOfContacts(t, b.twin); after != before {
		t.Errorf("the contact is not what it was: %v", b.read(id))
	}
	if again, err := rollback.Run(context.Background(), b.dir, rollback.Options{Options: b.options()}); err != nil ||
		again.Reversed != 0 {
		t.Errorf("a second rollback: %+v %v", again, err)
	}
	b.load()
	if got := b.twin.Counts()["contacts"]; got != 5 {
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
			b := newBench(t, quick())
			b.contacts(3)
			b.load()
			id := b.row(record.OutcomesTable, "contacts", "c000001")["target_id"]
			b.edit(id, `"first_name":"Typed","city":"Ulm"`)
			b.newRun()
			b.contacts(3, func(i int, row run.Row) {
				if i == 1 {
					row[3] = "Changed"
				}
			})
			take := func(o *RunOptions) { o.OnConflict = map[string]string{"contacts": policy} }
			r := b.load(take)
			if got := b.read(id); got["first_name"] != want.name || got["city"] != "Ulm" {
				t.Errorf("first name %v, city %v", got["first_name"], got["city"])
			}
			if r.Counts["contacts"][want.outcome] != 1 && want.outcome != ledger.Conflict {
				t.Errorf("counts %v", r.Counts)
			}
			b.is(record.OutcomesTable, "contacts", "c000001", "outcome", want.outcome)
			if again := b.load(take); again.Writes != 0 {
				t.Errorf("loading again wrote %d calls", again.Writes)
			}
		})
	}
}

func TestOneChangedRowIsOneWrittenRow(t *testing.T) {
	b := newBench(t, quick())
	b.contacts(120)
	b.load()
	b.newRun()
	b.contacts(120, func(i int, row run.Row) {
		if i == 7 {
			row[4] = "Married"
		}
	})
	b.twin.ResetCalls()
	r := b.load()
	if r.Counts["contacts"][ledger.Updated] != 1 || b.twin.WriteCalls() != 1 {
		t.Errorf("counts %v, %d write calls", r.Counts, b.twin.WriteCalls())
	}
	got := b.read(b.row(record.OutcomesTable, "contacts", "c000007")["target_id"])
	if got["last_name"] != "Married" || got["first_name"] != "First" {
		t.Errorf("%v", got)
	}
}

func TestAPlanIsAppliedExactlyOrNotAtAll(t *testing.T) {
	b := newBench(t, quick())
	b.contacts(10)
	p, err := Plan(context.Background(), b.dir, b.runOptions().PlanOptions)
	if err != nil {
		t.Fatal(err)
	}
	file := t.TempDir() + "/plan.parquet"
	text, err := os.ReadFile(p.File)
	if err != nil {
		t.Fatal(err)
	}
	writeAll(t, file, text)
	b.person("c000003@example.com", "")
	_, err = Run(context.Background(), b.dir, func() RunOptions { o := b.runOptions(); o.PlanFile = file; return o }())
	problemOf(t, err, run.ExitStop, "changed", "1 of its records")
	if b.twin.WriteCalls() != 1 {
		t.Errorf("%d write calls", b.twin.WriteCalls())
	}
	p, err = Plan(context.Background(), b.dir, b.runOptions().PlanOptions)
	if err != nil {
		t.Fatal(err)
	}
	if text, err = os.ReadFile(p.File); err != nil {
		t.Fatal(err)
	}
	writeAll(t, file, text)
	if r := b.load(func(o *RunOptions) { o.PlanFile = file }); r.Counts["contacts"][ledger.Created] != 9 ||
		r.Counts["contacts"][ledger.Updated] != 1 {
		t.Errorf("%v", r.Counts)
	}
}

func TestSlipsOfTheHandAreRefused(t *testing.T) {
	b := newBench(t, quick())
	b.contacts(2)
	notPlan := b.dir.Model("freshsales", "contacts")
	text := t.TempDir() + "/ferry.yaml"
	writeAll(t, text, []byte("# How ferry runs."))
	for says, change := range map[string]func(*RunOptions){
		`no entity "contacs"`:      func(o *RunOptions) { o.Only = []string{"contacs"} },
		"number of people":         func(o *RunOptions) { o.Sample = -5 },
		"not a plan ferry wrote":   func(o *RunOptions) { o.PlanFile = notPlan },
		"not a plan ferry wrote: ": func(o *RunOptions) { o.PlanFile = text },
		"cannot be read":           func(o *RunOptions) { o.PlanFile = text + ".parquet" },
	} {
		o := b.runOptions()
		change(&o)
		_, err := Run(context.Background(), b.dir, o)
		problemOf(t, err, run.ExitUsage, says)
	}
	if b.twin.WriteCalls() != 0 {
		t.Error("something was written")
	}
}

func TestASampleIsWholePeopleAndCanBeUndone(t *testing.T) {
	b := newBench(t, quick())
	b.contacts(50, func(i int, row run.Row) { row[7] = fmt.Sprintf("a%04d", i%5) })
	b.accounts(5)
	b.tasks(100, 50)
	b.deals(50)
	empty := digestOf(t, b.twin)
	r := b.load(func(o *RunOptions) { o.Sample = 10 })
	if r.Counts["contacts"][ledger.Created] != 10 || r.Counts["tasks"][ledger.Created] != 20 ||
		r.Counts["deals"][ledger.Created] != 10 || r.Counts[record.AccountLinks][ledger.Created] != 10 {
		t.Errorf("%v", r.Counts)
	}
	if _, err := rollback.Run(context.Background(), b.dir, rollback.Options{Options: b.options()}); err != nil {
		t.Fatal(err)
	}
	if digestOf(t, b.twin) != empty {
		t.Errorf("the sample is not undone: %v", b.twin.Counts())
	}
	if r := b.load(); r.Counts["contacts"][ledger.Created] != 50 || b.twin.Counts()["tasks"] != 100 {
		t.Errorf("%v %v", r.Counts, b.twin.Counts())
	}
}

func TestHeldPeopleAndTheirActivitiesStay(t *testing.T) {
	b := newBench(t, quick())
	b.contacts(4)
	b.tasks(8, 4)
	findings := []run.Row{{"no_email", "hold", "contacts", "c000002", "has no address", true}}
	columns := append(texts("rule", "severity", "entity", "key", "reason"), run.Column{Name: "is_held", Type: run.Boolean})
	if err := record.WriteRows(b.dir.Model("checks", "findings"), run.Schema{Name: "findings", Columns: columns},
		findings); err != nil {
		t.Fatal(err)
	}
	r := b.load()
	if r.Counts["contacts"][ledger.Created] != 3 || r.Counts["tasks"][ledger.Created] != 6 ||
		r.Planned["tasks"][plan.Blocked] != 2 {
		t.Errorf("%v %v", r.Counts, r.Planned)
	}
	b.is(record.OutcomesTable, "contacts", "c000002", "reason", "no_email: has no address")
	b.is(record.OutcomesTable, "tasks", "t000002", "outcome", ledger.Blocked)
}

func TestTwoRowsWithOneAddressAreNotMadeOne(t *testing.T) {
	b := newBench(t, quick())
	b.contacts(10, func(i int, row run.Row) {
		if i == 6 {
			row[2] = "C000002@example.com"
		}
	})
	for range 2 {
		b.load()
		b.is(record.OutcomesTable, "contacts", "c000006", "outcome", ledger.Conflict)
		got := b.read(b.row(record.OutcomesTable, "contacts", "c000002")["target_id"])
		if got["last_name"] != "Last 2" || b.twin.Counts()["contacts"] != 9 {
			t.Fatalf("%v, %v", got["last_name"], b.twin.Counts())
		}
	}
}
