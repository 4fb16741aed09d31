package loadtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"ferry/internal/run"
	"ferry/load/freshsales/twin"
	"ferry/load/record"
)

// Call is a person, or an administrator, at work in the account.
func Call(t testing.TB, url, method, path, body string) map[string]any {
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

// Loaded reads one of the tables a load leaves, as text.
func (b *Bench) Loaded(name string) []map[string]string {
	b.T.Helper()
	var all []map[string]string
	err := run.ReadTable(b.Dir.Loaded("twin", name), func(columns []run.Column, row run.Row) error {
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
		b.T.Fatal(err)
	}
	return all
}

func (b *Bench) HasNotice(kind, key string) {
	b.T.Helper()
	for _, n := range b.Loaded(record.NoticesTable) {
		if n["kind"] == kind && (key == "" || n["key"] == key) {
			return
		}
	}
	b.T.Errorf("no notice %s about %s: %v", kind, key, b.Loaded(record.NoticesTable))
}

// Rows are the rows of a loaded table, without what a server gives.
func (b *Bench) Rows(table string, names ...string) string {
	var list []string
	for _, r := range b.Loaded(table) {
		line := "\n"
		for _, n := range names {
			line += r[n] + " "
		}
		list = append(list, line)
	}
	slices.Sort(list)
	return fmt.Sprint(list)
}

func DigestOf(t testing.TB, tw *twin.Twin) string {
	t.Helper()
	d, err := tw.Digest()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Singles is how many contacts the last load sent alone.
func (b *Bench) Singles() (n string) {
	b.T.Helper()
	n = "0"
	for _, c := range b.Loaded(record.CallsTable) {
		if c["kind"] == "contacts upsert" {
			n = c["used"]
		}
	}
	return n
}

// Person makes a contact as somebody in the account would.
func (b *Bench) Person(email, more string) int64 {
	b.T.Helper()
	r := Call(b.T, b.URL, "POST", "/contacts", fmt.Sprintf(`{"contact":{"emails":%q%s}}`, email, more))
	return int64(r["contact"].(map[string]any)["id"].(float64))
}

func (b *Bench) Edit(id string, attributes string) {
	b.T.Helper()
	Call(b.T, b.URL, "PUT", "/contacts/"+id, `{"contact":{`+attributes+`}}`)
}

func (b *Bench) Read(id string) map[string]any {
	b.T.Helper()
	return Call(b.T, b.URL, "GET", "/contacts/"+id+"?include=sales_accounts", "")["contact"].(map[string]any)
}

// Row finds the row of a key in a loaded table.
func (b *Bench) Row(table, entity, key string) map[string]string {
	b.T.Helper()
	for _, r := range b.Loaded(table) {
		if r["entity"] == entity && r["key"] == key {
			return r
		}
	}
	b.T.Fatalf("%s has no %s %s", table, entity, key)
	return nil
}

func (b *Bench) Is(table, entity, key, column, want string) map[string]string {
	b.T.Helper()
	r := b.Row(table, entity, key)
	if r[column] != want {
		b.T.Errorf("%s of %s %s: %s is %q, want %q (%v)", table, entity, key, column, r[column], want, r)
	}
	return r
}

func ProblemOf(t testing.TB, err error, exit run.Exit, words ...string) {
	t.Helper()
	var p *run.Problem
	if !errors.As(err, &p) {
		t.Fatalf("not a problem a user can act on: %v", err)
	}
	if run.ExitOf(err) != exit {
		t.Errorf("exit %d, want %d: %v", run.ExitOf(err), exit, err)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%q is not in: %v", w, err)
		}
	}
}
