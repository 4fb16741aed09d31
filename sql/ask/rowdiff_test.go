package ask

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ferry/internal/run"
	"ferry/sql/engine"
	"ferry/sql/sqltest"
)

func TestRowsAreComparedByKey(t *testing.T) {
	h := sqltest.NewHouse()
	h.Rows = []string{"a@x.com", "b@x.com", "long@address.example"}
	project := run.OpenProject(t.TempDir())
	build := func() run.Dir {
		t.Helper()
		dir, err := project.NewRun(sqltest.Clock())
		if err != nil {
			t.Fatal(err)
		}
		h.Land(t, dir)
		if err := dir.Mark("extract", run.Stage{}); err != nil {
			t.Fatal(err)
		}
		if _, err := engine.Run(context.Background(), dir, rules(h.Files())); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	before := build()
	h.Rows = append(h.Rows[:2], "c@x.com", "d@x.com")
	h.Texts["5_freshsales/contacts.sql"] = strings.Replace(h.Texts["5_freshsales/contacts.sql"], "suffix as job_title",
		"'Dr ' || suffix as job_title, 1::bigint as status", 1)
	h.Texts["4_engagement/scores.sql"] = strings.Replace(h.Texts["4_engagement/scores.sql"], ";",
		" where person_key <> '1';", 1)
	after := build()
	got, err := CompareRows(context.Background(), project.Scratch("compare"), before, after,
		[]string{"freshsales.contacts"}, rules(h.Files()))
	if err != nil {
		t.Fatal(err)
	}
	want := []ModelDiff{{Model: "freshsales.contacts", Before: 3, After: 3, Added: 1, Removed: 1, Changed: 2,
		Columns: []ColumnDiff{{"job_title", 2}, {"email", 1}}, New: []string{"status"},
		Rows: []RowDiff{
			{Kind: "changed", Key: []string{"0"}, Cells: []CellDiff{{"job_title", "one", "Dr one"}}},
			{Kind: "changed", Key: []string{"2"}, Cells: []CellDiff{{"job_title", "one", "Dr one"},
				{"email", "long@address.example", "c@x.com"}}},
			{Kind: "added", Key: []string{"3"}}, {Kind: "removed", Key: []string{"1"}},
		}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if _, err := CompareRows(context.Background(), project.Scratch("compare"), before, after,
		[]string{"freshsales.contact"}, rules(h.Files())); err == nil ||
		!strings.Contains(err.Error(), `"freshsales.contacts"`) {
		t.Error(err)
	}
}
