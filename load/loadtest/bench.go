// Package loadtest is a bench for the tests of the loader's rooms: a project, a run with tables, a twin to load it
// into, and looks at what came of it. Only tests import it. Start at NewBench.
package loadtest

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"ferry/internal/run"
	"ferry/load/freshsales/twin"
)

// Bench is a project, a run with tables, and a twin to load it into.
type Bench struct {
	T       testing.TB
	Project run.Project
	Dir     run.Dir
	Twin    *twin.Twin
	URL     string
	Runs    int
	Later   string // tables of a second run, where a test has one
}

func NewBench(t testing.TB, s twin.Switches) *Bench {
	t.Helper()
	tw, url, stop := StartTwin(t, s)
	t.Cleanup(stop)
	b := &Bench{T: t, Project: run.OpenProject(t.TempDir()), Twin: tw, URL: url}
	b.NewRun()
	return b
}

func StartTwin(t testing.TB, s twin.Switches) (*twin.Twin, string, func()) {
	t.Helper()
	tw, err := twin.New(twin.Config{Plan: "enterprise", LimitsOff: true, Switches: s, Account: TestAccount()})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(tw)
	return tw, srv.URL + "/crm/sales", func() {
		srv.CloseClientConnections()
		srv.Close()
		if err := tw.Close(); err != nil {
			t.Error(err)
		}
	}
}

// NewRun starts another run; its tables are written by table.
func (b *Bench) NewRun() {
	b.T.Helper()
	var err error
	b.Runs++
	if b.Dir, err = b.Project.NewRun(time.Date(2026, 1, 1, 0, 0, b.Runs, 0, time.UTC)); err != nil {
		b.T.Fatal(err)
	}
	if err := b.Dir.Mark("transform", run.Stage{}); err != nil {
		b.T.Fatal(err)
	}
}

// Quick are the answers of a twin that does not make anybody wait.
func Quick(more ...string) twin.Switches {
	s := twin.Switches{"job_seconds": "0", "index_lag_seconds": "0", "bulk_jobs_max": "0"}
	for i := 0; i < len(more); i += 2 {
		s[more[i]] = more[i+1]
	}
	return s
}

// TestAccount is an account as a customer's administrator has set it up.
func TestAccount() *twin.Account {
	a := twin.DefaultAccount()
	text := func(names ...string) []twin.Field {
		var list []twin.Field
		for _, n := range names {
			list = append(list, twin.Field{Name: n, Label: n, Type: "text"})
		}
		return list
	}
	a.Fields = map[string][]twin.Field{
		"contacts": append(text("cf_xtremepush_id", "cf_note"), twin.Field{Name: "cf_points_balance", Label: "Points",
			Type: "number"}),
		"deals": text("cf_ferry_ref"),
	}
	return &a
}

// WithoutRefField takes the field for the Ref from deals.
func (b *Bench) WithoutRefField() {
	b.T.Helper()
	a := b.Twin.Account()
	delete(a.Fields, "deals")
	if err := b.Twin.SetAccount(a); err != nil {
		b.T.Fatal(err)
	}
}

// StrictTwin refuses every call that writes a poisoned row, bulk calls whole, as an account might.
func StrictTwin(t testing.TB) (url string, tw *twin.Twin, calls *atomic.Int64) {
	t.Helper()
	tw, err := twin.New(twin.Config{Plan: "enterprise", LimitsOff: true, Switches: Quick(), Account: TestAccount()})
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

// EstimateSize is how many contacts the estimate is checked with; FERRY_ESTIMATE_N asks for more.
func EstimateSize() int {
	if n, err := strconv.Atoi(os.Getenv("FERRY_ESTIMATE_N")); err == nil && n > 0 {
		return n
	}
	return 140
}

// KillTwin is a fresh account in which two of the contacts stood before.
func KillTwin(t testing.TB, faults ...twin.Fault) (*twin.Twin, string, func()) {
	t.Helper()
	tw, url, stop := StartTwin(t, Quick("field_creation", "documented"))
	for i := range 2 {
		Call(t, url, "POST", "/contacts",
			fmt.Sprintf(`{"contact":{"emails":"c%06d@example.com","first_name":"Before","job_title":"Baker"}}`, i))
	}
	if err := tw.SetFaults(1, faults...); err != nil {
		t.Fatal(err)
	}
	return tw, url, stop
}

// ProjectWith makes a project whose run shares the tables of another.
func ProjectWith(t testing.TB, models string) run.Dir {
	t.Helper()
	dir, err := run.OpenProject(t.TempDir()).NewRun(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(models, dir.ModelsRoot()); err != nil {
		t.Fatal(err)
	}
	if err := dir.Mark("transform", run.Stage{}); err != nil {
		t.Fatal(err)
	}
	return dir
}

func WriteAll(t testing.TB, path string, content []byte) {
	t.Helper()
	_ = os.Remove(path + "-wal")
	_ = os.Remove(path + "-shm")
	if err := os.WriteFile(path, content, run.FileMode); err != nil {
		t.Fatal(err)
	}
}

// Poisoned says which of rows are bad: n of them, spread over all batches or side by side.
func Poisoned(n, rows int, clustered bool) func(i int) bool {
	if clustered {
		return func(i int) bool { return i >= 230 && i < 230+n }
	}
	return func(i int) bool { return i%(rows/n) == 7 && i/(rows/n) < n }
}

// RichAccount has a field of every type, for people with everything.
func RichAccount() *twin.Account {
	a := TestAccount()
	choices := []twin.Choice{{Value: "Gold"}, {Value: "Silver"}, {Value: "Bronze"}}
	a.Fields["contacts"] = append(a.Fields["contacts"],
		twin.Field{Name: "cf_tier", Label: "Tier", Type: "dropdown", Choices: choices},
		twin.Field{Name: "cf_interests", Label: "Interests", Type: "multi_select_dropdown",
			Choices: []twin.Choice{{Value: "Chess"}, {Value: "Go"}, {Value: "Poker"}}},
		twin.Field{Name: "cf_story", Label: "Story", Type: "textarea"},
		twin.Field{Name: "cf_born", Label: "Born", Type: "date"},
		twin.Field{Name: "cf_email_opt_out", Label: "No e-mail", Type: "checkbox"},
		twin.Field{Name: "cf_is_member", Label: "Member", Type: "checkbox"})
	return a
}

func NewRichBench(t *testing.T) *Bench {
	b := NewBench(t, Quick("auto_lifecycle", "off"))
	if err := b.Twin.SetAccount(*RichAccount()); err != nil {
		t.Fatal(err)
	}
	return b
}
