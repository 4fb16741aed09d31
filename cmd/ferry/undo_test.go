package main

import (
	"path/filepath"
	"strings"
	"testing"

	"ferry/internal/run"
	"ferry/reports/reportstest"
)

// Two records with one e-mail, name and birth date, under two user ids: merged without asking.
const twiceAnn = `user_id,email,email_subscription,first_name,last_name,birth_date,create_time
u1,ann.one@example.com,1,Ann,One,1980-01-02,2024-01-02 10:00:00
u2,ann.one@example.com,1,Ann,One,1980-01-02,2024-01-03 10:00:00
u3,cat.three@example.com,1,Cat,Three,1990-05-06,2024-01-04 10:00:00
`

// TestAMergeUndoneInTheWorkbookStaysUndone goes the whole way: the sheet, the decision, the next run, the plan.
func TestAMergeUndoneInTheWorkbookStaysUndone(t *testing.T) {
	p := newProject(t, map[string]string{"profiles.csv": twiceAnn})
	p.write("ferry.yaml", goLiveConfig)
	p.say("extract")
	p.say("transform")
	if got := p.people(); got["u:u1"] != got["u:u2"] {
		t.Fatalf("they should be one person at first: %v", got)
	}
	p.want(run.ExitDone, "quality.xlsx", "report")
	p.want(run.ExitDone, "1 new answers", "decide", "--who", "Grace", p.filledIn("quality.xlsx", "Merged automatically", "Undo", 5, "apart"))
	p.say("transform")
	got := p.people()
	if got["u:u1"] == "" || got["u:u1"] == got["u:u2"] {
		t.Fatalf("they are one person still: %v", got)
	}
	planned := p.say("plan", "--target", "twin", "--json")
	if planned.code != run.ExitRows && planned.code != run.ExitDone {
		t.Fatal(planned)
	}
	var contacts []string
	err := run.EachRow(p.newestRun().Loaded("twin", "plan"), func(r run.NamedRow) error {
		if r.Text("entity") == "contacts" {
			contacts = append(contacts, r.Text("key")+" "+r.Text("action"))
		}
		return nil
	})
	// Freshsales takes an e-mail once, so the later of the two is asked about instead of being swallowed.
	if all := strings.Join(contacts, ", "); err != nil || len(contacts) != 3 || !strings.Contains(all, "u:u2 held") {
		t.Fatalf("planned: %v %v", contacts, err)
	}
}

// people are the persons of the newest run, by profile.
func (p testProject) people() map[string]string {
	p.t.Helper()
	persons := map[string]string{}
	err := run.EachRow(p.newestRun().Model("matching", "people"), func(r run.NamedRow) error {
		persons[r.Text("profile_key")] = r.Text("person_key")
		return nil
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return persons
}

func (p testProject) newestRun() run.Dir {
	p.t.Helper()
	dir, err := run.OpenProject(p.dir).LatestRun()
	if err != nil {
		p.t.Fatal(err)
	}
	return dir
}

// filledIn writes one answer into a workbook of the newest run and gives the path of the copy.
func (p testProject) filledIn(book, sheet, column string, row int, answer string) string {
	p.t.Helper()
	path := filepath.Join(p.t.TempDir(), book)
	reportstest.FillIn(p.t, filepath.Join(p.newestRun().Reports(), book), path, sheet, column, row, answer)
	return path
}
