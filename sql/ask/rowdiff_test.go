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

// builtBy is a new run of a house whose tables are built by some rules.
func builtBy(t *testing.T, project run.Project, h *sqltest.House, o engine.Options) run.Dir {
	t.Helper()
	dir, err := project.NewRun(sqltest.Clock())
	if err != nil {
		t.Fatal(err)
	}
	h.Land(t, dir)
	if err := dir.Mark("extract", run.Stage{}); err != nil {
		t.Fatal(err)
	}
	if _, err := engine.Run(context.Background(), dir, o); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestRowsAreComparedByKey(t *testing.T) {
	h := sqltest.NewHouse()
	h.Rows = []string{"a@x.com", "b@x.com", "long@address.example"}
	project := run.OpenProject(t.TempDir())
	build := func() run.Dir {
		t.Helper()
		return builtBy(t, project, h, rules(h.Files()))
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
	if diff := cmp.Diff(want, got.Models[:1]); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]LoadDiff{{Entity: "contacts", More: 1, Changed: 2, Unwanted: 1}}, got.Load); diff != "" {
		t.Error(diff)
	}
	above, err := CompareRows(context.Background(), project.Scratch("compare"), before, after,
		[]string{"engagement.scores"}, rules(h.Files()))
	if err != nil || len(above.Models) != 3 || above.Models[1].Model != "freshsales.contacts" {
		t.Errorf("a table and what hangs on it: %+v, %v", above.Models, err)
	}
	if _, err := CompareRows(context.Background(), project.Scratch("compare"), before, after,
		[]string{"freshsales.contact"}, rules(h.Files())); err == nil ||
		!strings.Contains(err.Error(), `"freshsales.contacts"`) {
		t.Error(err)
	}
}

// TestWhatALoadWouldDoOtherwise: what a check holds is not sent, nor what hangs on it; null leaves a field alone.
func TestWhatALoadWouldDoOtherwise(t *testing.T) {
	h := sqltest.NewHouse()
	h.Rows = []string{"a@x.com", "b@x.com", "long@address.example", "longer@address.example"}
	check := strings.Replace(h.Texts["6_checks/short.sql"], "severity: note", "severity: hold", 1)
	h.Texts["6_checks/short.sql"] = check
	h.Texts["5_freshsales/tasks.sql"] = "-- Tasks.\n-- one row per task_key\nselect 't' || contact_key as task_key, " +
		"contact_key, 'call' as title from freshsales.contacts;\n"
	contacts := h.Texts["5_freshsales/contacts.sql"]
	project := run.OpenProject(t.TempDir())
	build := func(check, columns string) (run.Dir, engine.Options) {
		t.Helper()
		h.Texts["5_freshsales/contacts.sql"] = strings.Replace(contacts, "suffix as job_title", columns, 1)
		o := rules(h.Files())
		o.Analyst = sqltest.Files("6_checks/short.sql", check)
		return builtBy(t, project, h, o), o
	}
	held, _ := build(check, "suffix as job_title")
	for _, c := range []struct {
		name, check, columns string
		want                 []LoadDiff
	}{
		{"a check is switched off", "-- off: all may go\n", "suffix as job_title",
			[]LoadDiff{{Entity: "contacts", Released: 2}, {Entity: "tasks", Released: 2}}},
		{"a check holds more", strings.Replace(check, "< 8", "< 21", 1), "suffix as job_title",
			[]LoadDiff{{Entity: "contacts", Held: 1}, {Entity: "tasks", Held: 1}}},
		{"a value that is there no more", check, "case when contact_key <> '3' then suffix end as job_title",
			[]LoadDiff{{Entity: "contacts", Emptied: 1}}},
		{"a column more is a value more", check,
			"suffix as job_title, case when contact_key = '3' then 'x' end as department",
			[]LoadDiff{{Entity: "contacts", Changed: 1}}},
		{"nobody who is held changes what is sent", check,
			"case when contact_key < '2' then 'x' else suffix end as job_title",
			[]LoadDiff{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			after, o := build(c.check, c.columns)
			got, err := CompareRows(context.Background(), project.Scratch("compare"), held, after, nil, o)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got.Load); diff != "" {
				t.Error(diff)
			}
			if c.name == "a check is switched off" && (len(got.Models) != 1 || got.Models[0].Removed != 2) {
				t.Errorf("the check that is off: %+v", got.Models)
			}
		})
	}
}
