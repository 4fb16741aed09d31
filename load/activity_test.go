package load

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ferry/internal/run"
	"ferry/load/freshsales"
	"ferry/load/freshsales/twin"
	"ferry/load/ledger"
	"ferry/load/record"
)

// everyActivity writes one of each kind of activity for each of n contacts.
func everyActivity(b *bench, n int) {
	b.t.Helper()
	b.contacts(n)
	at := func(i int) time.Time { return time.Date(2025, 3, 1+i, 9, 30, 0, 0, time.UTC) }
	instant := func(names ...string) (list []run.Column) {
		for _, name := range names {
			list = append(list, run.Column{Name: name, Type: run.Timestamptz})
		}
		return list
	}
	var appointments, activities, calls, documents []run.Row
	for i := range n {
		contact := fmt.Sprintf("c%06d", i)
		appointments = append(appointments, run.Row{"m" + contact, contact, "Visit", "At the office", at(i), at(i).
			Add(time.Hour)})
		activities = append(activities, run.Row{"s" + contact, contact, "ada@example.com", "Opened", "Campaign: spring",
			"Email", at(i), at(i).Add(time.Minute)})
		calls = append(calls, run.Row{"p" + contact, contact, "Asked for a price", true})
		documents = append(documents, run.Row{"f" + contact, contact, "offer " + contact + ".txt", "files/" +
			contact + ".txt"})
		path := filepath.Join(b.dir.Project().Exports(), "files", contact+".txt")
		if err := os.MkdirAll(filepath.Dir(path), run.DirMode); err != nil {
			b.t.Fatal(err)
		}
		writeAll(b.t, path, []byte("an offer for "+contact))
	}
	b.table("appointments", append(texts("appointment_key", "contact_key", "title", "description"),
		instant("from_date", "end_date")...), appointments...)
	b.table("sales_activities", append(texts("sales_activity_key", "contact_key", "owner_email", "title", "notes",
		"sales_activity_type"), instant("start_date", "end_date")...), activities...)
	b.table("phone_calls", append(texts("phone_call_key", "contact_key", "note"),
		run.Column{Name: "call_direction", Type: run.Boolean}), calls...)
	b.table("documents", texts("document_key", "contact_key", "file_name", "path"), documents...)
}

var activityEntities = []string{"appointments", "sales_activities", "phone_calls", "documents"}

func TestEveryKindOfActivityIsSentOnce(t *testing.T) {
	b := newBench(t, quick())
	everyActivity(b, 4)
	r := b.load()
	for _, entity := range activityEntities {
		if r.Counts[entity][ledger.Created] != 4 {
			t.Errorf("%s: %v %v", entity, r.Counts[entity], r.Planned[entity])
		}
	}
	for _, o := range b.loaded(record.OutcomesTable) {
		if o["outcome"] != ledger.Created || o["target_id"] == "" {
			t.Errorf("%v", o)
		}
	}
	if again := b.load(); again.Writes != 0 {
		t.Errorf("again: %d writes, %v", again.Writes, again.Planned)
	}
}

// A lost answer of any kind is settled by looking, in the way that kind allows.
func TestLostAnswersOfEveryKindAreSettledByLooking(t *testing.T) {
	b := newBench(t, quick())
	everyActivity(b, 4)
	if err := b.twin.SetFaults(5, twin.Fault{Kind: "cut_after", On: "*.create", Rate: 0.5}); err != nil {
		t.Fatal(err)
	}
	b.load()
	counts := b.twin.Counts()
	for _, entity := range activityEntities {
		if counts[entity] != 4 {
			t.Errorf("%d %s, want 4", counts[entity], entity)
		}
	}
	for _, o := range b.loaded(record.OutcomesTable) {
		if o["outcome"] != ledger.Created {
			t.Errorf("%v", o)
		}
	}
}

// A deal without a field for the Ref is found by its contact and name.
func TestALostDealIsFoundWithoutAFieldForTheRef(t *testing.T) {
	b := newBench(t, quick())
	b.withoutRefField()
	b.contacts(6)
	b.deals(6)
	if err := b.twin.SetFaults(2, twin.Fault{Kind: "cut_after", On: "deals.create", Rate: 0.6}); err != nil {
		t.Fatal(err)
	}
	b.load()
	if n := b.twin.Counts()["deals"]; n != 6 {
		t.Errorf("%d deals", n)
	}
}

// withoutRefField takes the field for the Ref from deals.
func (b *bench) withoutRefField() {
	b.t.Helper()
	a := b.twin.Account()
	delete(a.Fields, "deals")
	if err := b.twin.SetAccount(a); err != nil {
		b.t.Fatal(err)
	}
}

// Deals of one contact with one name are told apart by what they hold.
func TestLostDealsOfOneNameAreToldApart(t *testing.T) {
	for seed := range int64(3) {
		b := newBench(t, quick())
		b.withoutRefField()
		b.contacts(2)
		var rows []run.Row
		for i := range 8 {
			rows = append(rows, run.Row{fmt.Sprintf("d%04d", i), fmt.Sprintf("c%06d", i%2), nil, "Renewal", "New",
				float64(100 + i)})
		}
		b.table("deals", dealColumns, rows...)
		if err := b.twin.SetFaults(seed, twin.Fault{Kind: "cut_after", On: "deals.create", Rate: 0.3},
			twin.Fault{Kind: "cut_before", On: "deals.create", Rate: 0.3}); err != nil {
			t.Fatal(err)
		}
		b.load()
		b.hasNotice("limitation", "")
		var dump strings.Builder
		if err := b.twin.Dump(&dump, "deals"); err != nil {
			t.Fatal(err)
		}
		for i := range 8 {
			if n := strings.Count(dump.String(), fmt.Sprintf(`"amount":%d,`, 100+i)); n != 1 {
				t.Errorf("seed %d: the deal over %d is there %d times\n%s", seed, 100+i, n, dump.String())
			}
		}
		if again := b.load(); again.Writes != 0 {
			t.Errorf("again: %d writes", again.Writes)
		}
	}
}

// A deal that a person made before, of the same contact and name, is never taken for ours.
func TestADealOfSomebodyElseIsNotTakenForOurs(t *testing.T) {
	b := newBench(t, quick())
	b.withoutRefField()
	known := b.person("c000000@example.com", "")
	call(t, b.url, "POST", "/deals", fmt.Sprintf(`{"deal":{"name":"Deal 0","amount":7,"contacts_added_list":[%d]}}`,
		known))
	before := digestOf(t, b.twin)
	b.contacts(1)
	b.deals(1)
	if err := b.twin.SetFaults(1, twin.Fault{Kind: "cut_before", On: "deals.create", Times: 1}); err != nil {
		t.Fatal(err)
	}
	b.load()
	if n := b.twin.Counts()["deals"]; n != 2 {
		t.Errorf("%d deals", n)
	}
	b.rollback()
	if digestOf(t, b.twin) != before {
		t.Errorf("not as it was: %v", b.twin.Counts())
	}
}

// A document without a name of its own is known by the name of its file.
func TestALostDocumentWithoutANameIsFound(t *testing.T) {
	b := newBench(t, quick())
	everyActivity(b, 3)
	var rows []run.Row
	for i := range 3 {
		contact := fmt.Sprintf("c%06d", i)
		rows = append(rows, run.Row{"f" + contact, contact, nil, "files/" + contact + ".txt"})
	}
	b.table("documents", texts("document_key", "contact_key", "file_name", "path"), rows...)
	if err := b.twin.SetFaults(1, twin.Fault{Kind: "cut_after", On: "documents.create", Times: 2}); err != nil {
		t.Fatal(err)
	}
	b.load()
	if n := b.twin.Counts()["documents"]; n != 3 {
		t.Errorf("%d documents", n)
	}
}

// TestAFileThatCannotBeSentIsNoPlannedCall: it is refused without asking, and the plan knows that.
func TestAFileThatCannotBeSentIsNoPlannedCall(t *testing.T) {
	b := newBench(t, quick())
	everyActivity(b, 4)
	files := filepath.Join(b.dir.Project().Exports(), "files")
	if err := os.Remove(filepath.Join(files, "c000001.txt")); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(filepath.Join(files, "c000002.txt"), freshsales.MaxFile+1); err != nil {
		t.Fatal(err)
	}
	foretold := func(what string) Result {
		t.Helper()
		p, err := Plan(context.Background(), b.dir, b.runOptions().PlanOptions)
		if err != nil {
			t.Fatal(err)
		}
		r := b.load()
		if p.Estimate.Total != r.Calls {
			t.Errorf("%s: planned %d calls, used %d", what, p.Estimate.Total, r.Calls)
		}
		return r
	}
	if r := foretold("first"); r.Counts["documents"][ledger.Refused] != 2 {
		t.Errorf("refused: %v", r.Counts["documents"])
	}
	foretold("again")
	writeAll(t, filepath.Join(files, "c000001.txt"), []byte("found at last"))
	if r := foretold("with the file"); r.Counts["documents"][ledger.Created] != 1 {
		t.Errorf("a file that came later is not sent: %v", r.Counts["documents"])
	}
}

func TestAdoptingFindsEveryKind(t *testing.T) {
	b := newBench(t, quick())
	everyActivity(b, 4)
	b.deals(4)
	b.notes(4, 4)
	b.load()
	ledger := b.options().Target.Ledger()
	for _, name := range []string{ledger, ledger + "-wal", ledger + "-shm"} {
		if err := os.Remove(name); err != nil && !strings.Contains(err.Error(), "no such file") {
			t.Fatal(err)
		}
	}
	before := b.twin.Counts()
	r := b.load(func(o *RunOptions) { o.Adopt = true })
	if after := b.twin.Counts(); fmt.Sprint(before) != fmt.Sprint(after) {
		t.Errorf("before %v, after %v; %v", before, after, r.Counts)
	}
}
