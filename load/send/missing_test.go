package send_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ferry/internal/run"
	"ferry/load"
	"ferry/load/freshsales/twin"
	"ferry/load/ledger"
	"ferry/load/loadtest"
)

// A job at work is waited for, long past the time views usually take; nothing is sent twice.
func TestASlowJobIsWaitedFor(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick("job_seconds", "0.1"))
	b.Contacts(300)
	r := b.Load()
	if r.Counts["contacts"][ledger.Created] != 300 || b.Singles() != "0" {
		t.Errorf("%v, %s sent singly", r.Counts, b.Singles())
	}
}

// What stopped before it had read a page goes on from the page at which new records began: jobs that were at work then
// may end before the account is counted again, and all their records would be taken for left out.
func TestWhereNewRecordsBeginIsKeptFromTheStart(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick("job_seconds", "0.1"))
	b.Contacts(300)
	if err := b.Twin.SetFaults(1, twin.Fault{Kind: "401", On: "contacts.view", Skip: 3, Times: 1}); err != nil {
		t.Fatal(err)
	}
	b.Try()
	if b.Twin.Calls()["contacts.bulk_upsert"].Calls == 0 {
		t.Fatal("it did not stop behind its first batches")
	}
	l, err := ledger.OpenToRead(b.Project.Target("twin"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.CloseRead()
	if page, err := l.Meta("page:contacts"); page != "1" || err != nil {
		t.Errorf("new records begin on page %q, %v", page, err)
	}
}

// A job that stopped early may have been stopped: batches are made smaller only where a second one stops after as many.
func TestOneJobThatStopsEarlyMakesNoBatchSmaller(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick("bulk_max", "30", "bulk_over_max", "swallow"))
	b.Contacts(50)
	b.Load()
	if err := b.Twin.SetSwitches(loadtest.Quick("bulk_max", "100")); err != nil {
		t.Fatal(err)
	}
	b.Twin.ResetCalls()
	b.NewRun()
	b.Contacts(250)
	if b.Load(); b.Twin.Calls()["contacts.bulk_upsert"].Calls != 2 || b.Singles() != "0" {
		t.Errorf("%+v, %s sent singly", b.Twin.Calls()["contacts.bulk_upsert"], b.Singles())
	}
}

// A view that lags far more than we guessed says nothing about the jobs, whatever these report.
func TestAViewThatLagsFarIsWaitedFor(t *testing.T) {
	for _, report := range []string{"entries", "nothing", "broken"} {
		t.Run(report, func(t *testing.T) {
			b := loadtest.NewBench(t, loadtest.Quick("index_lag_seconds", "0.1", "job_report", report))
			b.Contacts(300)
			r := b.Load()
			if r.Counts["contacts"][ledger.Created] != 300 || b.Singles() != "0" {
				t.Errorf("%v, %s sent singly", r.Counts, b.Singles())
			}
		})
	}
}

// Rows that a job left out are sent singly also where its report does not tell of them.
func TestLeftOutRowsAreFoundWithoutAReport(t *testing.T) {
	for _, report := range []string{"strings", "map", "nothing", "broken"} {
		t.Run(report, func(t *testing.T) {
			b := loadtest.NewBench(t, loadtest.Quick("job_report", report))
			b.Contacts(100, func(i int, row run.Row) {
				if i == 7 {
					row[2] = "not-an-address"
				}
			})
			r := b.Load()
			if r.Counts["contacts"][ledger.Created] != 99 || r.Counts["contacts"][ledger.Refused] != 1 || b.Singles() != "1" {
				t.Errorf("%v, %s sent singly", r.Counts, b.Singles())
			}
		})
	}
}

// A page shows what there was when it was asked for. Batches that were answered while it travelled,
// however slowly, are not missing from it.
func TestASlowPageLeavesNothingOut(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	const bulks = 4
	var asked, answered atomic.Int64
	pageTaken, allAnswered, slow := make(chan struct{}), make(chan struct{}), sync.Once{}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		await := func(c chan struct{}) {
			select {
			case <-c:
			case <-r.Context().Done():
			}
		}
		isBulk := strings.HasSuffix(r.URL.Path, "/contacts/bulk_upsert")
		if isBulk && asked.Add(1) > 2 {
			await(pageTaken)
		}
		answer := httptest.NewRecorder()
		b.Twin.ServeHTTP(answer, r)
		if strings.Contains(r.URL.Path, "/contacts/view/") && answered.Load() > 1 {
			slow.Do(func() {
				close(pageTaken)
				await(allAnswered)
				<-time.After(30 * time.Millisecond) // more than four times ReadBackAfter
			})
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
		if isBulk && answered.Add(1) == bulks {
			close(allAnswered)
		}
	}))
	t.Cleanup(srv.Close)
	b.URL = srv.URL + "/crm/sales"
	b.Contacts(100*bulks, func(i int, row run.Row) {
		if i == 7 {
			row[2] = "not-an-address" // so that the page is a short one
		}
	})
	r := b.Load(func(o *load.RunOptions) { o.Workers = 4 })
	if r.Counts["contacts"][ledger.Created] != 100*bulks-1 || b.Singles() != "1" {
		t.Errorf("%v, %s sent singly", r.Counts, b.Singles())
	}
}
