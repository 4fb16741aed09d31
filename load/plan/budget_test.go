package plan_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"ferry/internal/run"
	"ferry/load"
	"ferry/load/freshsales/twin"
	"ferry/load/ledger"
	"ferry/load/loadtest"
	"ferry/load/record"
)

func TestTenThousandContactsStayWithinTheBudget(t *testing.T) {
	if testing.Short() {
		t.Skip("ten thousand contacts: runs without -short")
	}
	b := loadtest.NewBench(t, loadtest.Quick())
	b.Contacts(10_000)
	p, err := load.Plan(context.Background(), b.Dir, b.RunOptions().PlanOptions)
	if err != nil {
		t.Fatal(err)
	}
	r := b.Load()
	if most := int64(220 + 25); r.Calls > most {
		t.Errorf("%d calls, the budget is %d", r.Calls, most)
		for _, c := range b.Loaded(record.CallsTable) {
			t.Log(c)
		}
	}
	if off := float64(p.Estimate.Total)/float64(r.Calls) - 1; off > 0.05 || off < -0.05 {
		t.Errorf("estimated %d calls, used %d", p.Estimate.Total, r.Calls)
	}
	if r.Counts["contacts"][ledger.Created] != 10_000 || b.Twin.Counts()["contacts"] != 10_000 {
		t.Errorf("%v %v", r.Counts, b.Twin.Counts())
	}
	if again := b.Load(); again.Writes != 0 || again.Calls > 15 {
		t.Errorf("the second load: %d calls, %d of them writes", again.Calls, again.Writes)
	}
}

func TestTasksCostOneCallEach(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	b.Contacts(10)
	b.Load()
	b.Tasks(200, 10)
	b.Twin.ResetCalls()
	r := b.Load()
	if got := b.Twin.WriteCalls(); got != 200 || r.Counts["tasks"][ledger.Created] != 200 {
		t.Errorf("%d write calls for %v", got, r.Counts)
	}
	if r.Calls > 215 {
		t.Errorf("%d calls in all", r.Calls)
	}
}

// A call that is refused whole: an address without an at sign makes the whole batch fail where the
// account checks first. The twin checks row by row, so its refusal is planted.
func TestPoisonRowsCostThemselvesOnly(t *testing.T) {
	for _, bad := range []int{1, 3, 10} {
		t.Run(fmt.Sprint(bad), func(t *testing.T) {
			b := loadtest.NewBench(t, loadtest.Quick())
			isBad := func(i int) bool { return i%(300/bad) == 7 }
			b.Contacts(300, func(i int, row run.Row) {
				if isBad(i) {
					row[2] = fmt.Sprintf("not-an-address-%d", i)
				}
			})
			r := b.Load()
			if r.Counts["contacts"][ledger.Refused] != int64(bad) || r.Counts["contacts"][ledger.Created] != int64(300-bad) {
				t.Fatalf("%v", r.Counts)
			}
			for _, o := range b.Loaded(record.OutcomesTable) {
				if o["outcome"] == ledger.Refused && o["reason"] == "" {
					t.Errorf("no words: %v", o)
				}
			}
			// 3 upserts, 3 pages and at most a last short one, the fixed calls, and one more per bad row.
			if most := int64(3 + 4 + 12 + bad); r.Calls > most {
				t.Errorf("%d calls, want at most %d", r.Calls, most)
				for _, c := range b.Loaded(record.CallsTable) {
					t.Log(c)
				}
			}
			if again := b.Load(); again.Writes != 0 {
				t.Errorf("refused rows were sent again: %d writes", again.Writes)
			}
			if again := b.Load(func(o *load.RunOptions) { o.Retry = true }); again.Writes == 0 ||
				again.Counts["contacts"][ledger.Refused] != int64(bad) {
				t.Errorf("--retry: %d writes, %v", again.Writes, again.Counts)
			}
		})
	}
}

func TestALoadThatIsRefusedStopsEarly(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	b.Contacts(2000, func(i int, row run.Row) { row[2] = fmt.Sprintf("no-address-%d", i) })
	_, err := load.Run(context.Background(), b.Dir, b.RunOptions())
	loadtest.ProblemOf(t, err, run.ExitFailed, "refused")
	if n := b.Twin.WriteCalls(); n > 400 {
		t.Errorf("%d write calls before it stopped", n)
	}
	if got := len(b.Loaded(record.OutcomesTable)); got != 2000 {
		t.Errorf("%d outcomes", got)
	}
}

func TestBadDaysEndInTheSameState(t *testing.T) {
	kinds := []string{"500_before", "500_after", "cut_before", "cut_after", "cut_body", "gateway_before", "gateway_after",
		"429", "429_silent", "405_bulk",
		"job_fails", "job_some_fail", "job_odd_report", "job_hangs"}
	b := loadtest.NewBench(t, loadtest.Quick())
	loadtest.KillTables(b)
	b.Load()
	want := loadtest.DigestOf(t, b.Twin)
	for _, k := range kinds {
		t.Run(k, func(t *testing.T) {
			t.Parallel()
			f := twin.Fault{Kind: k, Rate: 0.15, Seconds: 0.01, Times: 6}
			if strings.HasPrefix(k, "job") {
				f = twin.Fault{Kind: k, Rate: 0.5}
			}
			tw, url, stop := loadtest.StartTwin(t, loadtest.Quick())
			defer stop()
			if err := tw.SetFaults(3, f); err != nil {
				t.Fatal(err)
			}
			dir := loadtest.ProjectWith(t, b.Dir.ModelsRoot())
			var err error
			for range 20 {
				if _, err = load.Run(context.Background(), dir, loadtest.ToRun(loadtest.KillOptions(dir.Project().Target("twin"), url))); err == nil {
					break
				}
			}
			if err != nil {
				t.Fatal(err)
			}
			if loadtest.DigestOf(t, tw) != want {
				t.Error("the account is not what an undisturbed load makes of it")
			}
		})
	}
}

func TestACallRefusedWholeIsSearchedForItsPoison(t *testing.T) {
	for _, bad := range []int{1, 2, 5, 20} {
		t.Run(fmt.Sprint(bad), func(t *testing.T) {
			b := loadtest.NewBench(t, loadtest.Quick())
			url, tw, calls := loadtest.StrictTwin(t)
			b.URL, b.Twin = url, tw
			b.Contacts(100, func(i int, row run.Row) {
				if i%(100/bad) == 3%(100/bad) {
					row[3] = "poison"
				}
			})
			r := b.Load(func(o *load.RunOptions) { o.MaxRefused = 0.9 })
			if r.Counts["contacts"][ledger.Refused] != int64(bad) || tw.Counts()["contacts"] != 100-bad {
				t.Errorf("%v, %v", r.Counts, tw.Counts())
			}
			if extra := calls.Load() - 1; extra > int64(9*bad) {
				t.Errorf("%d extra calls for %d bad rows", extra, bad)
			} else {
				t.Logf("%d extra calls for %d bad rows", extra, bad)
			}
		})
	}
}
