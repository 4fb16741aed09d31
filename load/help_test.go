package load

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"ferry/internal/run"
	"ferry/load/account"
	"ferry/load/freshsales"
	"ferry/load/freshsales/twin"
	"ferry/load/record"
	"ferry/load/target"
)

// bench is a project, a run with tables, and a twin to load it into.
type bench struct {
	t       testing.TB
	project run.Project
	dir     run.Dir
	twin    *twin.Twin
	url     string
	runs    int
	later   string // tables of a second run, where a test has one
}

// quick are the answers of a twin that does not make anybody wait.
func quick(more ...string) twin.Switches {
	s := twin.Switches{"job_seconds": "0", "index_lag_seconds": "0", "bulk_jobs_max": "0"}
	for i := 0; i < len(more); i += 2 {
		s[more[i]] = more[i+1]
	}
	return s
}

// testAccount is an account as a customer's administrator has set it up.
func testAccount() *twin.Account {
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

func newBench(t testing.TB, s twin.Switches) *bench {
	t.Helper()
	tw, url, stop := startTwin(t, s)
	t.Cleanup(stop)
	b := &bench{t: t, project: run.OpenProject(t.TempDir()), twin: tw, url: url}
	b.newRun()
	return b
}

func startTwin(t testing.TB, s twin.Switches) (*twin.Twin, string, func()) {
	t.Helper()
	tw, err := twin.New(twin.Config{Plan: "enterprise", LimitsOff: true, Switches: s, Account: testAccount()})
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

// call is a person, or an administrator, at work in the account.
func call(t testing.TB, url, method, path, body string) map[string]any {
	t.Helper()
	r, err := http.NewRequest(method, url+"/api"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Token token="+twin.DefaultKey)
	r.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var reply any
	if err := json.NewDecoder(resp.Body).Decode(&reply); err != nil || resp.StatusCode >= 300 {
		t.Fatalf("%s %s: %s %v %v", method, path, resp.Status, reply, err)
	}
	object, _ := reply.(map[string]any)
	return object
}

// newRun starts another run; its tables are written by table.
func (b *bench) newRun() {
	b.t.Helper()
	var err error
	b.runs++
	if b.dir, err = b.project.NewRun(time.Date(2026, 1, 1, 0, 0, b.runs, 0, time.UTC)); err != nil {
		b.t.Fatal(err)
	}
	if err := b.dir.Mark("transform", run.Stage{}); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) options() target.Options {
	return target.Options{Target: b.project.Target("twin"), URL: b.url, Key: twin.DefaultKey, PlanName: "unlimited",
		Rehearsal:     true,
		ReadBackAfter: 5 * time.Millisecond, SettleAfter: 50 * time.Millisecond, CallTimeout: 10 * time.Second,
		Acknowledged: []string{account.SingleLinks},
		UnstatedWait: 10 * time.Millisecond, Patience: freshsales.Patience{First: time.Millisecond,
			Most: 20 * time.Millisecond}}
}

// table writes a freshsales.* table, in the order the SQL stage stores it in.
func (b *bench) table(name string, columns []run.Column, rows ...run.Row) {
	b.t.Helper()
	slices.SortStableFunc(rows, func(x, y run.Row) int {
		for _, by := range OrderOf(name) {
			i := slices.IndexFunc(columns, func(c run.Column) bool { return c.Name == by })
			if n := strings.Compare(fmt.Sprint(x[i]), fmt.Sprint(y[i])); n != 0 {
				return n
			}
		}
		return 0
	})
	if err := record.WriteRows(b.dir.Model("freshsales", name), run.Schema{Name: name, Columns: columns},
		rows); err != nil {
		b.t.Fatal(err)
	}
}

// runOptions are those of a load.
func (b *bench) runOptions() RunOptions { return toRun(b.options()) }

func toRun(o target.Options) RunOptions { return RunOptions{PlanOptions: PlanOptions{Options: o}} }

func (b *bench) load(change ...func(*RunOptions)) Result {
	b.t.Helper()
	o := b.runOptions()
	for _, c := range change {
		c(&o)
	}
	r, err := Run(context.Background(), b.dir, o)
	if err != nil {
		b.t.Fatal(err)
	}
	return r
}

// loaded reads one of the tables a load leaves, as text.
func (b *bench) loaded(name string) []map[string]string {
	b.t.Helper()
	var all []map[string]string
	err := run.ReadTable(b.dir.Loaded("twin", name), func(columns []run.Column, row run.Row) error {
		m := map[string]string{}
		for i, c := range columns {
			if row[i] != nil {
				m[c.Name] = fmt.Sprint(row[i])
			}
		}
		all = append(all, m)
		return nil
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return all
}

func texts(names ...string) []run.Column {
	var c []run.Column
	for _, n := range names {
		c = append(c, run.Column{Name: n, Type: run.Varchar})
	}
	return c
}

var contactColumns = append(texts("contact_key", "external_id", "email", "first_name", "last_name", "cf_xtremepush_id",
	"owner_email", "account_key"),
	run.Column{Name: "tags", Type: run.VarcharList}, run.Column{Name: "cf_points_balance", Type: run.Bigint})

func contactRow(n int) run.Row {
	key := fmt.Sprintf("c%06d", n)
	return run.Row{key, "x" + key, key + "@example.com", "First", fmt.Sprintf("Last %d", n), "x" + key, "ada@example.com",
		nil, []string{"vip"}, int64(n)}
}

// contacts writes n contacts and their members.
func (b *bench) contacts(n int, change ...func(i int, row run.Row)) {
	b.t.Helper()
	var rows, members []run.Row
	for i := range n {
		row := contactRow(i)
		for _, c := range change {
			c(i, row)
		}
		rows = append(rows, row)
		members = append(members, run.Row{row[0], row[0]})
	}
	b.table("contacts", contactColumns, rows...)
	b.table("contact_members", texts("profile_key", "contact_key"), members...)
}

var accountColumns = texts("account_key", "name", "website")

func (b *bench) accounts(n int) {
	b.t.Helper()
	var rows []run.Row
	for i := range n {
		rows = append(rows, run.Row{fmt.Sprintf("a%04d", i), fmt.Sprintf("Company %d", i),
			fmt.Sprintf("https://c%d.example.com", i)})
	}
	b.table("accounts", accountColumns, rows...)
}

var taskColumns = append(texts("task_key", "contact_key", "owner_email", "title", "description"),
	run.Column{Name: "due_date", Type: run.Timestamptz}, run.Column{Name: "status", Type: run.Bigint})

// tasks writes n tasks spread over some contacts.
func (b *bench) tasks(n, contacts int) {
	b.t.Helper()
	var rows []run.Row
	for i := range n {
		rows = append(rows, run.Row{fmt.Sprintf("t%06d", i), fmt.Sprintf("c%06d", i%contacts), "ada@example.com",
			fmt.Sprintf("Opened campaign %d", i),
			"Campaign: spring\nOpened: yes", time.Date(2025, 1, 1, 12, 0, i, 0, time.UTC), int64(1)})
	}
	b.table("tasks", taskColumns, rows...)
}

func (b *bench) notes(n, contacts int) {
	b.t.Helper()
	var rows []run.Row
	for i := range n {
		rows = append(rows, run.Row{fmt.Sprintf("n%06d", i), fmt.Sprintf("c%06d", i%contacts), fmt.Sprintf("A note %d", i)})
	}
	b.table("notes", texts("note_key", "contact_key", "description"), rows...)
}

var dealColumns = append(texts("deal_key", "contact_key", "account_key", "name", "deal_stage"),
	run.Column{Name: "amount", Type: run.Double})

func (b *bench) deals(n int) {
	b.t.Helper()
	var rows []run.Row
	for i := range n {
		rows = append(rows, run.Row{fmt.Sprintf("d%04d", i), fmt.Sprintf("c%06d", i), nil, fmt.Sprintf("Deal %d", i),
			"New", 100.5})
	}
	b.table("deals", dealColumns, rows...)
}
