package load_test

import (
	"testing"

	"ferry/internal/run"
	"ferry/load/ledger"
	"ferry/load/loadtest"
	"ferry/load/record"
)

func TestALoadSendsEverythingOnceAndASecondWritesNothing(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	b.Contacts(250, func(i int, row run.Row) {
		if i%10 == 0 {
			row[7] = "a0001"
		}
	})
	b.Accounts(3)
	b.Tasks(40, 20)
	b.Notes(10, 20)
	b.Deals(4)
	r := b.Load()
	for entity, want := range map[string]int64{"contacts": 250, "accounts": 3, record.AccountLinks: 25, "deals": 4,
		"tasks": 40, "notes": 10} {
		if got := r.Counts[entity][ledger.Created]; got != want {
			t.Errorf("%s: %d created, want %d (%v)", entity, got, want, r.Counts[entity])
		}
	}
	before := b.Twin.WriteCalls()
	again := b.Load()
	if again.Writes != 0 || b.Twin.WriteCalls() != before || len(again.Counts) != 0 {
		t.Errorf("the second load wrote: %d calls, %v", again.Writes, again.Counts)
	}
	for _, o := range b.Loaded(record.OutcomesTable) {
		if o["outcome"] != ledger.Created {
			t.Fatalf("outcome %v", o)
		}
	}
	t.Log(r.Calls, r.Estimate.Total, again.Calls)
}
