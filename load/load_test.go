package load

import (
	"testing"

	"ferry/internal/run"
	"ferry/load/ledger"
	"ferry/load/record"
)

func TestALoadSendsEverythingOnceAndASecondWritesNothing(t *testing.T) {
	b := newBench(t, quick())
	b.contacts(250, func(i int, row run.Row) {
		if i%10 == 0 {
			row[7] = "a0001"
		}
	})
	b.accounts(3)
	b.tasks(40, 20)
	b.notes(10, 20)
	b.deals(4)
	r := b.load()
	for entity, want := range map[string]int64{"contacts": 250, "accounts": 3, record.AccountLinks: 25, "deals": 4,
		"tasks": 40, "notes": 10} {
		if got := r.Counts[entity][ledger.Created]; got != want {
			t.Errorf("%s: %d created, want %d (%v)", entity, got, want, r.Counts[entity])
		}
	}
	before := b.twin.WriteCalls()
	again := b.load()
	if again.Writes != 0 || b.twin.WriteCalls() != before || len(again.Counts) != 0 {
		t.Errorf("the second load wrote: %d calls, %v", again.Writes, again.Counts)
	}
	for _, o := range b.loaded(record.OutcomesTable) {
		if o["outcome"] != ledger.Created {
			t.Fatalf("outcome %v", o)
		}
	}
	t.Log(r.Calls, r.Estimate.Total, again.Calls)
}
