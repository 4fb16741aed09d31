//go:build unix

package twin

import (
	"fmt"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// send serves one request without a network, so that a benchmark measures the twin alone.
func send(b testing.TB, tw *Twin, method, path, body string) string {
	r := httptest.NewRequest(method, "/crm/sales/api"+path, strings.NewReader(body))
	r.Header.Set("Authorization", "Token token="+DefaultKey)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	tw.ServeHTTP(w, r)
	if w.Code >= 300 {
		b.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
	}
	return w.Body.String()
}

func batch(from int) string {
	var s strings.Builder
	s.WriteString(`{"contacts":[`)
	for i := from; i < from+100; i++ {
		if i > from {
			s.WriteByte(',')
		}
		fmt.Fprintf(&s,
			`{"emails":"person%d@example.com","data":{"first_name":"First%d","last_name":"Last%d","mobile_number":"+4915%09d","external_id":"u%d","city":"Berlin","country":"Germany","tags":["vip","newsletter"],"custom_field":{"cf_note":"a note of some length","cf_points":%d,"cf_email_opt_out":false,"cf_joined":"2020-05-04"}}}`, i, i, i, i, i, i%977)
	}
	s.WriteString("]}")
	return s.String()
}

// processor is the time this process has had a core.
func processor() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// report tells records by the clock, and what a record costs a core, which a busy machine changes less.
func report(b *testing.B, n int64, what string, began time.Duration) {
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), what+"s/s")
	b.ReportMetric(float64((processor()-began).Microseconds())/float64(n), "core-µs/"+what)
}

// BenchmarkContacts writes a hundred contacts by bulk and reads the newest page back.
func BenchmarkContacts(b *testing.B) {
	tw, err := New(Config{StateDir: b.TempDir(), LimitsOff: true, Account: furnished(),
		Switches: Switches{"job_seconds": "0", "index_lag_seconds": "0"}})
	if err != nil {
		b.Fatal(err)
	}
	defer tw.Close()
	page := fmt.Sprintf("/contacts/view/%d?per_page=100&sort=updated_at&sort_type=desc", viewID(tContacts, 2))
	n, began := 0, processor()
	for b.Loop() {
		send(b, tw, "POST", "/contacts/bulk_upsert", batch(n))
		send(b, tw, "GET", page, "")
		n += 100
	}
	report(b, int64(n), "contact", began)
}

// BenchmarkTasks makes tasks one by one, from several clients.
func BenchmarkTasks(b *testing.B) {
	tw, err := New(Config{StateDir: b.TempDir(), LimitsOff: true})
	if err != nil {
		b.Fatal(err)
	}
	defer tw.Close()
	var n atomic.Int64
	began := processor()
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			i := n.Add(1)
			send(b, tw, "POST", "/tasks",
				fmt.Sprintf(`{"task":{"title":"Campaign %d","description":"delivered, opened, clicked","due_date":"2024-01-02T03:04:05Z","status":1}}`, i))
		}
	})
	report(b, n.Load(), "task", began)
}

// TestMillion holds a million contacts, opens them again, and says what that costs. It takes
// minutes, so it runs only where TWIN_MILLION is set.
func TestMillion(t *testing.T) {
	if os.Getenv("TWIN_MILLION") == "" {
		t.Skip("set TWIN_MILLION=1 to run it")
	}
	dir := t.TempDir()
	open := func() *Twin {
		tw, err := New(Config{StateDir: dir, LimitsOff: true, Account: furnished(),
			Switches: Switches{"job_seconds": "0", "index_lag_seconds": "0"}})
		if err != nil {
			t.Fatal(err)
		}
		return tw
	}
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc >> 20
	}
	tw, began := open(), time.Now()
	for n := 0; n < 1_000_000; n += 100 {
		send(t, tw, "POST", "/contacts/bulk_upsert", batch(n))
	}
	t.Logf("written in %v, %d MB of heap, %d MB of state", time.Since(began), heap(), tw.store.log.end>>20)
	began = time.Now()
	for page := 1; page <= 10_000; page++ {
		send(t, tw, "GET", fmt.Sprintf("/contacts/view/%d?per_page=100&sort=id&page=%d", viewID(tContacts, 2), page), "")
	}
	t.Logf("swept in %v", time.Since(began))
	if err := tw.Close(); err != nil {
		t.Fatal(err)
	}
	began = time.Now()
	again := open()
	defer again.Close()
	t.Logf("opened again in %v, %d MB of heap", time.Since(began), heap())
	if n := again.Counts()["contacts"]; n != 1_000_000 {
		t.Errorf("%d contacts", n)
	}
}

// BenchmarkPage reads pages of a hundred rows, as a sweep does.
func BenchmarkPage(b *testing.B) {
	tw, err := New(Config{StateDir: b.TempDir(), LimitsOff: true, Account: furnished(),
		Switches: Switches{"job_seconds": "0", "index_lag_seconds": "0"}})
	if err != nil {
		b.Fatal(err)
	}
	defer tw.Close()
	for n := 0; n < 2000; n += 100 {
		send(b, tw, "POST", "/contacts/bulk_upsert", batch(n))
	}
	page, began := 0, processor()
	for b.Loop() {
		send(b, tw, "GET", fmt.Sprintf("/contacts/view/%d?per_page=100&sort=id&page=%d", viewID(tContacts, 2), page%20+1), "")
		page++
	}
	report(b, int64(page)*100, "row", began)
}
