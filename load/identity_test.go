package load

import (
	"context"
	"fmt"
	"testing"
	"time"

	"ferry/internal/run"
	"ferry/load/freshsales/twin"
	"ferry/load/ledger"
	"ferry/load/plan"
	"ferry/load/reconcile"
	"ferry/load/record"
)

// people writes contacts and members as given: contact key → its profiles.
func (b *bench) people(members map[string][]string) {
	b.t.Helper()
	var rows, all []run.Row
	for _, key := range record.SortedKeys(members) {
		row := contactRow(0)
		row[0], row[1], row[2], row[5] = key, "x"+key, key+"@example.com", "x"+key
		rows = append(rows, row)
		for _, p := range members[key] {
			all = append(all, run.Row{p, key})
		}
	}
	b.table("contacts", contactColumns, rows...)
	b.table("contact_members", texts("profile_key", "contact_key"), all...)
}

func (b *bench) hasNotice(kind, key string) {
	b.t.Helper()
	for _, n := range b.loaded(record.NoticesTable) {
		if n["kind"] == kind && (key == "" || n["key"] == key) {
			return
		}
	}
	b.t.Errorf("no notice %s about %s: %v", kind, key, b.loaded(record.NoticesTable))
}

func TestTwoPeopleBecomeOne(t *testing.T) {
	b := newBench(t, quick())
	b.people(map[string][]string{"a": {"a"}, "b": {"b"}, "c": {"c"}})
	b.load()
	older, other := b.row(record.OutcomesTable, "contacts", "a")["target_id"],
		b.row(record.OutcomesTable, "contacts", "b")["target_id"]
	b.newRun()
	b.people(map[string][]string{"b": {"a", "b"}, "c": {"c"}})
	r := b.load()
	if r.Counts["contacts"][ledger.Created] != 0 || b.twin.Counts()["contacts"] != 3 {
		t.Errorf("%v %v", r.Counts, b.twin.Counts())
	}
	b.is(record.PlanTable, "contacts", "b", "target_id", older)
	b.hasNotice("merged_since", "b")
	if again := b.load(); again.Writes != 0 {
		t.Errorf("again: %d writes, %v", again.Writes, again.Planned)
	}
	if got := b.read(other)["email"]; got != "b@example.com" {
		t.Errorf("the other contact was touched: %v", got)
	}
}

func TestAPersonFoundUnderAnOlderKeyStaysTheSameContact(t *testing.T) {
	b := newBench(t, quick())
	b.people(map[string][]string{"m": {"m"}})
	b.load()
	id := b.row(record.OutcomesTable, "contacts", "m")["target_id"]
	b.newRun()
	b.people(map[string][]string{"a": {"a", "m"}})
	b.load()
	b.is(record.OutcomesTable, "contacts", "a", "target_id", id)
	if n := b.twin.Counts()["contacts"]; n != 1 {
		t.Errorf("%d contacts", n)
	}
}

func TestOnePersonBecomesTwo(t *testing.T) {
	b := newBench(t, quick())
	b.people(map[string][]string{"a": {"a", "b"}})
	b.load()
	b.newRun()
	b.people(map[string][]string{"a": {"a"}, "b": {"b"}})
	r := b.load()
	if r.Counts["contacts"][ledger.Created] != 0 || r.Planned["contacts"][plan.Conflict] != 1 {
		t.Errorf("%v %v", r.Counts, r.Planned)
	}
	b.hasNotice("split", "b")
	r = b.load(func(o *RunOptions) { o.OnConflict = map[string]string{"contacts.split": record.TakeOurs} })
	if r.Counts["contacts"][ledger.Created] != 1 || b.twin.Counts()["contacts"] != 2 {
		t.Errorf("decided: %v %v", r.Counts, b.twin.Counts())
	}
}

func TestVanishedPeopleAreToldAndKept(t *testing.T) {
	b := newBench(t, quick())
	b.contacts(5)
	b.load()
	b.newRun()
	b.contacts(4)
	r := b.load()
	if r.Writes != 0 || b.twin.Counts()["contacts"] != 5 {
		t.Errorf("%v", r.Counts)
	}
	b.hasNotice("vanished", "c000004")
}

func TestOnlyWhatIsAskedForIsSent(t *testing.T) {
	b := newBench(t, quick())
	b.contacts(5)
	b.tasks(5, 5)
	r := b.load(func(o *RunOptions) { o.Only = []string{"contacts"} })
	if r.Counts["contacts"][ledger.Created] != 5 || b.twin.Counts()["tasks"] != 0 {
		t.Errorf("%v", r.Counts)
	}
	r = b.load(func(o *RunOptions) { o.Only = []string{"tasks"} })
	if r.Counts["tasks"][ledger.Created] != 5 {
		t.Errorf("%v %v", r.Counts, r.Planned)
	}
}

func TestAnActionLaterThanSettleAfterIsFound(t *testing.T) {
	b := newBench(t, quick())
	b.contacts(3)
	b.load()
	b.tasks(3, 3)
	if err := b.twin.SetFaults(1, twin.Fault{Kind: "late_act", On: "tasks.create", Times: 1, Seconds: 0.4}); err != nil {
		t.Fatal(err)
	}
	b.load() // settles after 50 ms, finds nothing, sends again
	time.Sleep(500 * time.Millisecond)
	o := reconcile.Options{Options: b.options(), Depth: "full"}
	if _, err := reconcile.Run(context.Background(), b.dir, o); err != nil {
		t.Fatal(err)
	}
	if n := b.twin.Counts()["tasks"]; n != 4 {
		t.Fatalf("%d tasks: the late one did not arrive", n)
	}
	for _, r := range b.loaded(record.ReadbackTable) {
		if r["class"] == "duplicate" && r["entity"] == "tasks" {
			return
		}
	}
	t.Errorf("the duplicate is not reported: %v", fmt.Sprint(b.loaded(record.ReadbackTable)))
}
