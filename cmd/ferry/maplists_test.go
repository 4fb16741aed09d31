package main

import (
	"testing"

	"ferry/golive/facts"
	"ferry/internal/run"
	"ferry/reports/reportstest"
)

const stagedProfiles = `user_id,email,email_subscription,first_name,last_name,lifecycle_stage,create_time
u1,ann.one@example.com,1,Ann,One,Lead,2024-01-02 10:00:00
u2,bob.two@example.com,1,Bob,Two,Zombie,2024-01-03 10:00:00
`

// TestAStageAnsweredInTheWorkbookIsSentAndCounts: the sheet, the decision, what is sent, and what the gate counts.
func TestAStageAnsweredInTheWorkbookIsSentAndCounts(t *testing.T) {
	p := newProject(t, map[string]string{"profiles.csv": stagedProfiles})
	p.write("ferry.yaml", goLiveConfig)
	p.say("extract")
	p.say("transform")
	p.want(run.ExitDone, "mapping.xlsx", "report")
	path := p.filledIn("mapping.xlsx", "Lifecycle stages", "Your answer", 5, "change")
	p.want(run.ExitRows, "needs another value", "decide", "--who", "Grace", path)
	reportstest.FillIn(t, path, path, "Lifecycle stages", "Other stage", 5, "Customer / Churned")
	p.want(run.ExitDone, "zombie", "decide", "--who", "Grace", path)
	p.say("transform")
	stages := map[string]string{}
	err := run.EachRow(p.newestRun().Model("freshsales", "contacts"), func(r run.NamedRow) error {
		stages[r.Text("contact_key")] = r.Text("lifecycle_stage") + "/" + r.Text("contact_status")
		return nil
	})
	if err != nil || stages["u:u2"] != "Customer/Churned" || stages["u:u1"] != "Lead/New" {
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
}
