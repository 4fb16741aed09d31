package send_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ferry/internal/run"
	"ferry/load"
	"ferry/load/freshsales"
	"ferry/load/freshsales/twin"
	"ferry/load/ledger"
	"ferry/load/loadtest"
	"ferry/load/record"
)

var activityEntities = []string{"appointments", "sales_activities", "phone_calls", "documents"}

func TestEveryKindOfActivityIsSentOnce(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	loadtest.EveryActivity(b, 4)
	r := b.Load()
	for _, entity := range activityEntities {
		if r.Counts[entity][ledger.Created] != 4 {
			t.Errorf("%s: %v %v", entity, r.Counts[entity], r.Planned[entity])
		}
	}
	for _, o := range b.Loaded(record.OutcomesTable) {
		if o["outcome"] != ledger.Created || o["target_id"] == "" {
			t.Errorf("%v", o)
		}
	}
	if again := b.Load(); again.Writes != 0 {
		t.Errorf("again: %d writes, %v", again.Writes, again.Planned)
	}
}

// A lost answer of any kind is settled by looking, in the way that kind allows.
func TestLostAnswersOfEveryKindAreSettledByLooking(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	loadtest.EveryActivity(b, 4)
	if err := b.Twin.SetFaults(5, twin.Fault{Kind: "cut_after", On: "*.create", Rate: 0.5}); err != nil {
		t.Fatal(err)
	}
	b.Load()
	counts := b.Twin.Counts()
	for _, entity := range activityEntities {
		if counts[entity] != 4 {
			t.Errorf("%d %s, want 4", counts[entity], entity)
		}
	}
	for _, o := range b.Loaded(record.OutcomesTable) {
		if o["outcome"] != ledger.Created {
			t.Errorf("%v", o)
		}
	}
}

// A deal without a field for the Ref is found by its contact and name.
func TestALostDealIsFoundWithoutAFieldForTheRef(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	b.WithoutRefField()
	b.Contacts(6)
	b.Deals(6)
	if err := b.Twin.SetFaults(2, twin.Fault{Kind: "cut_after", On: "deals.create", Rate: 0.6}); err != nil {
		t.Fatal(err)
	}
	b.Load()
	if n := b.Twin.Counts()["deals"]; n != 6 {
		t.Errorf("%d deals", n)
	}
}

// Deals of one contact with one name are told apart by what they hold.
func TestLostDealsOfOneNameAreToldApart(t *testing.T) {
	for seed := range int64(3) {
		b := loadtest.NewBench(t, loadtest.Quick())
		b.WithoutRefField()
		b.Contacts(2)
		var rows []run.Row
		for i := range 8 {
			rows = append(rows, run.Row{fmt.Sprintf("d%04d", i), fmt.Sprintf("c%06d", i%2), nil, "Renewal", "New",
				float64(100 + i)})
		}
		b.Table("deals", loadtest.DealColumns, rows...)
		if err := b.Twin.SetFaults(seed, twin.Fault{Kind: "cut_after", On: "deals.create", Rate: 0.3},
			twin.Fault{Kind: "cut_before", On: "deals.create", Rate: 0.3}); err != nil {
			t.Fatal(err)
		}
		b.Load()
		b.HasNotice("limitation", "")
		var dump strings.Builder
		if err := b.Twin.Dump(&dump, "deals"); err != nil {
			t.Fatal(err)
		}
		for i := range 8 {
			if n := strings.Count(dump.String(), fmt.Sprintf(`"amount":%d,`, 100+i)); n != 1 {
				t.Errorf("seed %d: the deal over %d is there %d times\n%s", seed, 100+i, n, dump.String())
			}
		}
		if again := b.Load(); again.Writes != 0 {
			t.Errorf("again: %d writes", again.Writes)
		}
	}
}

// A deal that a person made before, of the same contact and name, is never taken for ours.
func TestADealOfSomebodyElseIsNotTakenForOurs(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	b.WithoutRefField()
	known := b.Person("c000000@example.com", "")
	loadtest.Call(t, b.URL, "POST", "/deals", fmt.Sprintf(`{"deal":{"name":"Deal 0","amount":7,"contacts_added_list":[%d]}}`,
		known))
	before := loadtest.DigestOf(t, b.Twin)
	b.Contacts(1)
	b.Deals(1)
	if err := b.Twin.SetFaults(1, twin.Fault{Kind: "cut_before", On: "deals.create", Times: 1}); err != nil {
		t.Fatal(err)
	}
	b.Load()
	if n := b.Twin.Counts()["deals"]; n != 2 {
		t.Errorf("%d deals", n)
	}
	b.Rollback()
	if loadtest.DigestOf(t, b.Twin) != before {
		t.Errorf("not as it was: %v", b.Twin.Counts())
	}
}

// A document without a name of its own is known by the name of its file.
func TestALostDocumentWithoutANameIsFound(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	loadtest.EveryActivity(b, 3)
	var rows []run.Row
	for i := range 3 {
		contact := fmt.Sprintf("c%06d", i)
		rows = append(rows, run.Row{"f" + contact, contact, nil, "files/" + contact + ".txt"})
	}
	b.Table("documents", loadtest.Texts("document_key", "contact_key", "file_name", "path"), rows...)
	if err := b.Twin.SetFaults(1, twin.Fault{Kind: "cut_after", On: "documents.create", Times: 2}); err != nil {
		t.Fatal(err)
	}
	b.Load()
	if n := b.Twin.Counts()["documents"]; n != 3 {
		t.Errorf("%d documents", n)
	}
}

// TestAFileThatCannotBeSentIsNoPlannedCall: it is refused without asking, and the plan knows that.
func TestAFileThatCannotBeSentIsNoPlannedCall(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	loadtest.EveryActivity(b, 4)
	files := filepath.Join(b.Dir.Project().Exports(), "files")
	if err := os.Remove(filepath.Join(files, "c000001.txt")); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(filepath.Join(files, "c000002.txt"), freshsales.MaxFile+1); err != nil {
		t.Fatal(err)
	}
	foretold := func(what string) load.Result {
		t.Helper()
		p, err := load.Plan(context.Background(), b.Dir, b.RunOptions().PlanOptions)
		if err != nil {
			t.Fatal(err)
		}
		r := b.Load()
		if p.Estimate.Total != r.Calls {
			t.Errorf("%s: planned %d calls, used %d", what, p.Estimate.Total, r.Calls)
		}
		return r
	}
	if r := foretold("first"); r.Counts["documents"][ledger.Refused] != 2 {
		t.Errorf("refused: %v", r.Counts["documents"])
	}
	foretold("again")
	loadtest.WriteAll(t, filepath.Join(files, "c000001.txt"), []byte("found at last"))
	if r := foretold("with the file"); r.Counts["documents"][ledger.Created] != 1 {
		t.Errorf("a file that came later is not sent: %v", r.Counts["documents"])
	}
}

func TestAdoptingFindsEveryKind(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	loadtest.EveryActivity(b, 4)
	b.Deals(4)
	b.Notes(4, 4)
	b.Load()
	ledger := b.Options().Target.Ledger()
	for _, name := range []string{ledger, ledger + "-wal", ledger + "-shm"} {
		if err := os.Remove(name); err != nil && !strings.Contains(err.Error(), "no such file") {
			t.Fatal(err)
		}
	}
	before := b.Twin.Counts()
	r := b.Load(func(o *load.RunOptions) { o.Adopt = true })
	if after := b.Twin.Counts(); fmt.Sprint(before) != fmt.Sprint(after) {
		t.Errorf("before %v, after %v; %v", before, after, r.Counts)
	}
}
