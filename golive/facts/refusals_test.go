package facts

import (
	"slices"
	"testing"
	"time"

	"ferry/internal/run"
)

// runOf makes a run whose people answered in some way.
func runOf(t *testing.T, p run.Project, members, consent []run.Row) run.Dir {
	t.Helper()
	dir, err := p.NewRun(time.Date(2026, 3, 14, 9, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	for path, table := range map[string]struct {
		schema run.Schema
		rows   []run.Row
	}{
		dir.Model("freshsales", "contact_members"): {run.Texts("contact_members", "profile_key", "contact_key"), members},
		dir.Model("mapping", "consent"):            {run.Texts("consent", "person_key", "channel", "state"), consent},
	} {
		w, err := run.CreateTable(path, table.schema)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range table.rows {
			if err := w.Write(r); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestWhoRefusedAfterTheLoadIsFound: also a person who became one with another meanwhile; not who had refused before,
// nor who is not in the account.
func TestWhoRefusedAfterTheLoadIsFound(t *testing.T) {
	p := run.OpenProject(t.TempDir())
	loaded := runOf(t, p, []run.Row{{"a", "a"}, {"b", "b"}, {"c", "c"}, {"d", "d"}}, []run.Row{
		{"a", "email", "opted in"}, {"b", "email", "opted out"}, {"c", "sms", "opted in"}, {"d", "email", "opted in"}})
	newest := runOf(t, p, []run.Row{{"a", "a"}, {"b", "b"}, {"c", "0"}, {"0", "0"}, {"d", "d"}, {"new", "new"}}, []run.Row{
		{"a", "email", "opted out"}, {"a", "sms", "opted out"}, {"b", "email", "opted out"}, {"0", "sms", "opted out"},
		{"d", "email", "unknown"}, {"new", "email", "opted out"}})
	got, err := newRefusals(loaded, newest)
	if want := []string{"0 (sms)", "a (email, sms)"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%v %v, want %v", got, err, want)
	}
}
