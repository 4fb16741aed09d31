package main

import (
	"path/filepath"
	"strings"
	"testing"

	"ferry/golive/facts"
	"ferry/internal/long"
	"ferry/internal/run"
	"ferry/reports/reportstest"
)

// Two records with one e-mail, name and birth date, under two user ids: merged without asking. And a stage that
// Freshsales does not have.
const askedProfiles = `user_id,email,email_subscription,first_name,last_name,birth_date,lifecycle_stage,create_time
u1,ann.one@example.com,1,Ann,One,1980-01-02,Lead,2024-01-02 10:00:00
u2,ann.one@example.com,1,Ann,One,1980-01-02,Lead,2024-01-03 10:00:00
u3,cat.three@example.com,1,Cat,Three,1990-05-06,Zombie,2024-01-04 10:00:00
`

// TestAnswersInWorkbooksAreKept goes the whole way: the sheets, the decisions, the next run, what is sent, the plan.
func TestAnswersInWorkbooksAreKept(t *testing.T) {
	long.Only(t)
	p := newProject(t, map[string]string{"profiles.csv": askedProfiles})
	p.write("ferry.yaml", goLiveConfig)
	p.say("extract")
	p.say("transform")
	if got := p.people(); got["u:u1"] != got["u:u2"] {
		t.Fatalf("they should be one person at first: %v", got)
	}
	p.want(run.ExitDone, "quality.xlsx", "report")
	p.want(run.ExitDone, "1 new answers", "decide", "--who", "Grace", p.filledIn("quality.xlsx", "Merged automatically", "Undo", 5, "apart"))
	path := p.filledIn("mapping.xlsx", "Lifecycle stages", "Your answer", 5, "change")
	p.want(run.ExitRows, "needs another value", "decide", "--who", "Grace", path)
	reportstest.FillIn(t, path, path, "Lifecycle stages", "Other stage", 5, "Customer / Churned")
	p.want(run.ExitDone, "zombie", "decide", "--who", "Grace", path)
	p.say("transform")
	t.Run("a merge undone stays undone", func(t *testing.T) {
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
	})
	t.Run("a stage is sent, and the gate counts it", func(t *testing.T) {
		stages := map[string]string{}
		err := run.EachRow(p.newestRun().Model("freshsales", "contacts"), func(r run.NamedRow) error {
			stages[r.Text("contact_key")] = r.Text("lifecycle_stage") + "/" + r.Text("contact_status")
			return nil
		})
		if err != nil || stages["u:u3"] != "Customer/Churned" || stages["u:u1"] != "Lead/New" {
			t.Fatalf("sent: %v %v", stages, err)
		}
		items, err := facts.MapItems(p.newestRun())
		confirmed := map[string]bool{}
		for _, i := range items {
			confirmed[i.Kind+" "+i.Name] = i.IsConfirmed
		}
		if err != nil || !confirmed["stage zombie"] || confirmed["stage lead"] {
			t.Fatalf("the gate counts %v %v", confirmed, err)
		}
	})
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
