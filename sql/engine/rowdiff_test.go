package engine

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ferry/internal/run"
)

func TestRowsAreComparedByKey(t *testing.T) {
	h := newHouse()
	h.rows = []string{"a@x.com", "b@x.com", "long@address.example"}
	project := run.OpenProject(t.TempDir())
	build := func() run.Dir {
		t.Helper()
		dir, err := project.NewRun(clock())
		if err != nil {
			t.Fatal(err)
		}
		h.land(t, dir)
		if err := dir.Mark("extract", run.Stage{}); err != nil {
			t.Fatal(err)
		}
		if _, err := Run(context.Background(), dir, h.options()); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	before := build()
	h.rows = append(h.rows[:2], "c@x.com", "d@x.com")
	h.texts["5_freshsales/contacts.sql"] = strings.Replace(h.texts["5_freshsales/contacts.sql"], "suffix as job_title",
		"'Dr ' || suffix as job_title, 1::bigint as status", 1)
	h.texts["4_engagement/scores.sql"] = strings.Replace(h.texts["4_engagement/scores.sql"], ";",
		" where person_key <> '1';", 1)
	after := build()
	got, err := CompareRows(context.Background(), project.Scratch("compare"), before, after,
		[]string{"freshsales.contacts"}, h.options())
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
		[]string{"freshsales.contact"}, h.options()); err == nil ||
		!strings.Contains(err.Error(), `"freshsales.contacts"`) {
		t.Error(err)
	}
}
