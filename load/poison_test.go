package load

import (
	"fmt"
	"testing"
	"time"

	"ferry/internal/run"
	"ferry/load/ledger"
	"ferry/load/record"
)

// poisoned says which of rows are bad: n of them, spread over all batches or side by side.
func poisoned(n, rows int, clustered bool) func(i int) bool {
	if clustered {
		return func(i int) bool { return i >= 230 && i < 230+n }
	}
	return func(i int) bool { return i%(rows/n) == 7 && i/(rows/n) < n }
}

// Rows that a job leaves out cost one call each and nothing else: not a page, not a question.
func TestRowsAJobLeavesOutCostOneCallEach(t *testing.T) {
	const rows = 400
	patient := func(o *RunOptions) { o.ReadBackAfter = 40 * time.Millisecond }
	clean := newBench(t, quick())
	clean.contacts(rows)
	usual := clean.load(patient).Calls
	for _, n := range []int{1, 3, 10, 40} {
		for _, clustered := range []bool{false, true} {
			t.Run(fmt.Sprintf("%d bad rows, clustered %t", n, clustered), func(t *testing.T) {
				isBad := poisoned(n, rows, clustered)
				b := newBench(t, quick())
				b.contacts(rows, func(i int, row run.Row) {
					if isBad(i) {
						row[2] = fmt.Sprintf("not-an-address-%d", i)
					}
				})
				r := b.load(patient)
				if r.Counts["contacts"][ledger.Refused] != int64(n) || r.Counts["contacts"][ledger.Created] != int64(rows-n) {
					t.Fatalf("%v", r.Counts)
				}
				extra := r.Calls - usual
				t.Logf("%d extra calls", extra)
				if extra > int64(n) {
					t.Errorf("%d extra calls for %d bad rows", extra, n)
					for _, c := range b.loaded(record.CallsTable) {
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
	patient := func(o *RunOptions) { o.ReadBackAfter, o.MaxRefused = 40*time.Millisecond, 0.9 }
	clean := newBench(t, quick())
	clean.contacts(rows)
	usual := clean.load(patient).Calls
	for _, n := range []int{1, 3, 10, 40} {
		for _, clustered := range []bool{false, true} {
			t.Run(fmt.Sprintf("%d bad rows, clustered %t", n, clustered), func(t *testing.T) {
				isBad := poisoned(n, rows, clustered)
				b := newBench(t, quick())
				b.url, b.twin, _ = strictTwin(t)
				b.contacts(rows, func(i int, row run.Row) {
					if isBad(i) {
						row[3] = "poison"
					}
				})
				r := b.load(patient)
				if r.Counts["contacts"][ledger.Refused] != int64(n) || b.twin.Counts()["contacts"] != rows-n {
					t.Errorf("%v, %v", r.Counts, b.twin.Counts())
				}
				extra := r.Calls - usual
				t.Logf("%d extra calls, %.1f a row", extra, float64(extra)/float64(n))
				if extra > int64(9*n) {
					t.Errorf("%d extra calls for %d bad rows", extra, n)
					for _, c := range b.loaded(record.CallsTable) {
						t.Log(c)
					}
				}
			})
		}
	}
}
