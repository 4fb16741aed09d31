package load

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"ferry/internal/run"
	"ferry/load/freshsales/twin"
	"ferry/load/ledger"
	"ferry/load/record"
)

func TestTenThousandContactsStayWithinTheBudget(t *testing.T) {
	if testing.Short() {
		t.Skip("ten thousand contacts: runs without -short")
	}
	b := newBench(t, quick())
	b.contacts(10_000)
	p, err := Plan(context.Background(), b.dir, b.runOptions().PlanOptions)
	if err != nil {
		t.Fatal(err)
	}
	r := b.load()
	if most := int64(220 + 25); r.Calls > most {
		t.Errorf("%d calls, the budget is %d", r.Calls, most)
		for _, c := range b.loaded(record.CallsTable) {
			t.Log(c)
		}
	}
	if off := float64(p.Estimate.Total)/float64(r.Calls) - 1; off > 0.05 || off < -0.05 {
		t.Errorf("estimated %d calls, used %d", p.Estimate.Total, r.Calls)
	}
	if r.Counts["contacts"][ledger.Created] != 10_000 || b.twin.Counts()["contacts"] != 10_000 {
		t.Errorf("%v %v", r.Counts, b.twin.Counts())
	}
	if again := b.load(); again.Writes != 0 || again.Calls > 15 {
		t.Errorf("the second load: %d calls, %d of them writes", again.Calls, again.Writes)
	}
}

func TestTasksCostOneCallEach(t *testing.T) {
	b := newBench(t, quick())
	b.contacts(10)
	b.load()
	b.tasks(200, 10)
	b.twin.ResetCalls()
	r := b.load()
	if got := b.twin.WriteCalls(); got != 200 || r.Counts["tasks"][ledger.Created] != 200 {
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
			b := newBench(t, quick())
			isBad := func(i int) bool { return i%(300/bad) == 7 }
			b.contacts(300, func(i int, row run.Row) {
				if isBad(i) {
					row[2] = fmt.Sprintf("not-an-address-%d", i)
				}
			})
			r := b.load()
			if r.Counts["contacts"][ledger.Refused] != int64(bad) || r.Counts["contacts"][ledger.Created] != int64(300-bad) {
				t.Fatalf("%v", r.Counts)
			}
			for _, o := range b.loaded(record.OutcomesTable) {
				if o["outcome"] == ledger.Refused && o["reason"] == "" {
					t.Errorf("no words: %v", o)
				}
			}
			// 3 upserts, 3 pages and at most a last short one, the fixed calls, and one more per bad row.
			if most := int64(3 + 4 + 12 + bad); r.Calls > most {
				t.Errorf("%d calls, want at most %d", r.Calls, most)
				for _, c := range b.loaded(record.CallsTable) {
					t.Log(c)
				}
			}
			if again := b.load(); again.Writes != 0 {
				t.Errorf("refused rows were sent again: %d writes", again.Writes)
			}
			if again := b.load(func(o *RunOptions) { o.Retry = true }); again.Writes == 0 ||
				again.Counts["contacts"][ledger.Refused] != int64(bad) {
				t.Errorf("--retry: %d writes, %v", again.Writes, again.Counts)
			}
		})
	}
}

func TestALoadThatIsRefusedStopsEarly(t *testing.T) {
	b := newBench(t, quick())
	b.contacts(2000, func(i int, row run.Row) { row[2] = fmt.Sprintf("no-address-%d", i) })
	_, err := Run(context.Background(), b.dir, b.runOptions())
	problemOf(t, err, run.ExitFailed, "refused")
	if n := b.twin.WriteCalls(); n > 400 {
		t.Errorf("%d write calls before it stopped", n)
	}
	if got := len(b.loaded(record.OutcomesTable)); got != 2000 {
		t.Errorf("%d outcomes", got)
	}
}

func TestBadDaysEndInTheSameState(t *testing.T) {
	kinds := []string{"500_before", "500_after", "cut_before", "cut_after", "cut_body", "gateway_before", "gateway_after",
		"429", "429_silent", "405_bulk",
		"job_fails", "job_some_fail", "job_odd_report", "job_hangs"}
	b := newBench(t, quick())
	killTables(b)
	b.load()
	want := digestOf(t, b.twin)
	for _, k := range kinds {
		t.Run(k, func(t *testing.T) {
			t.Parallel()
			f := twin.Fault{Kind: k, Rate: 0.15, Seconds: 0.01, Times: 6}
			if strings.HasPrefix(k, "job") {
				f = twin.Fault{Kind: k, Rate: 0.5}
			}
			tw, url, stop := startTwin(t, quick())
			defer stop()
			if err := tw.SetFaults(3, f); err != nil {
				t.Fatal(err)
			}
			dir := projectWith(t, b.dir.ModelsRoot())
			var err error
			for range 20 {
				if _, err = Run(context.Background(), dir, toRun(killOptions(dir.Project().Target("twin"), url))); err == nil {
					break
				}
			}
			if err != nil {
				t.Fatal(err)
			}
			if digestOf(t, tw) != want {
				t.Error("the account is not what an undisturbed load makes of it")
			}
		})
	}
}

// strictTwin refuses every call that writes a poisoned row, bulk calls whole, as an account might.
func strictTwin(t testing.TB) (url string, tw *twin.Twin, calls *atomic.Int64) {
	t.Helper()
	tw, err := twin.New(twin.Config{Plan: "enterprise", LimitsOff: true, Switches: quick(), Account: testAccount()})
	if err != nil {
		t.Fatal(err)
	}
	calls = &atomic.Int64{}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost || r.Method == http.MethodPut {
			calls.Add(1)
			body, err := io.ReadAll(r.Body)
			if err != nil || bytes.Contains(body, []byte("poison")) {
				w.WriteHeader(http.StatusBadRequest)
				fmt.Fprint(w, `{"errors":{"code":400,"message":["Invalid or missing attributes"]}}`)
				return
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
		}
		tw.ServeHTTP(w, r)
	}))
	t.Cleanup(func() { srv.Close(); _ = tw.Close() })
	return srv.URL + "/crm/sales", tw, calls
}

func TestACallRefusedWholeIsSearchedForItsPoison(t *testing.T) {
	for _, bad := range []int{1, 2, 5, 20} {
		t.Run(fmt.Sprint(bad), func(t *testing.T) {
			b := newBench(t, quick())
			url, tw, calls := strictTwin(t)
			b.url, b.twin = url, tw
			b.contacts(100, func(i int, row run.Row) {
				if i%(100/bad) == 3%(100/bad) {
					row[3] = "poison"
				}
			})
			r := b.load(func(o *RunOptions) { o.MaxRefused = 0.9 })
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
