package send_test

import (
	"fmt"
	"testing"
	"time"

	"ferry/internal/run"
	"ferry/load"
	"ferry/load/ledger"
	"ferry/load/loadtest"
	"ferry/load/record"
)

// Rows that a job leaves out cost one call each and nothing else: not a page, not a question.
func TestRowsAJobLeavesOutCostOneCallEach(t *testing.T) {
	const rows = 400
	patient := func(o *load.RunOptions) { o.ReadBackAfter = 40 * time.Millisecond }
	clean := loadtest.NewBench(t, loadtest.Quick())
	clean.Contacts(rows)
	usual := clean.Load(patient).Calls
	for _, n := range []int{1, 3, 10, 40} {
		for _, clustered := range []bool{false, true} {
			t.Run(fmt.Sprintf("%d bad rows, clustered %t", n, clustered), func(t *testing.T) {
				isBad := loadtest.Poisoned(n, rows, clustered)
				b := loadtest.NewBench(t, loadtest.Quick())
				b.Contacts(rows, func(i int, row run.Row) {
					if isBad(i) {
						row[2] = fmt.Sprintf("not-an-address-%d", i)
					}
				})
				r := b.Load(patient)
				if r.Counts["contacts"][ledger.Refused] != int64(n) || r.Counts["contacts"][ledger.Created] != int64(rows-n) {
					t.Fatalf("%v", r.Counts)
				}
				extra := r.Calls - usual
				t.Logf("%d extra calls", extra)
				if extra > int64(n) {
					t.Errorf("%d extra calls for %d bad rows", extra, n)
					for _, c := range b.Loaded(record.CallsTable) {
						t.Log(c)
					}
				}
			})
		}
	}
}

// A call that is refused whole says nothing about its rows: finding n of them costs 9·n calls at most.
func TestCallsRefusedWholeCostNineCallsABadRow(t *testing.T) {
	const rows = 400
	patient := func(o *load.RunOptions) { o.ReadBackAfter, o.MaxRefused = 40*time.Millisecond, 0.9 }
	clean := loadtest.NewBench(t, loadtest.Quick())
	clean.Contacts(rows)
	usual := clean.Load(patient).Calls
	for _, n := range []int{1, 3, 10, 40} {
		for _, clustered := range []bool{false, true} {
			t.Run(fmt.Sprintf("%d bad rows, clustered %t", n, clustered), func(t *testing.T) {
				isBad := loadtest.Poisoned(n, rows, clustered)
				b := loadtest.NewBench(t, loadtest.Quick())
				b.URL, b.Twin, _ = loadtest.StrictTwin(t)
				b.Contacts(rows, func(i int, row run.Row) {
					if isBad(i) {
						row[3] = "poison"
					}
				})
				r := b.Load(patient)
				if r.Counts["contacts"][ledger.Refused] != int64(n) || b.Twin.Counts()["contacts"] != rows-n {
					t.Errorf("%v, %v", r.Counts, b.Twin.Counts())
				}
				extra := r.Calls - usual
				t.Logf("%d extra calls, %.1f a row", extra, float64(extra)/float64(n))
				if extra > int64(9*n) {
					t.Errorf("%d extra calls for %d bad rows", extra, n)
					for _, c := range b.Loaded(record.CallsTable) {
						t.Log(c)
					}
				}
			})
		}
	}
}
