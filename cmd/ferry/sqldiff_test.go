package main

import (
	"strings"
	"testing"

	"ferry/internal/run"
)

// TestTheTargetOfARunIsItsOwn: with a second target in ferry.yaml, a run is compared and written as the script it was
// built by: with the codes of the account its tables are for.
func TestTheTargetOfARunIsItsOwn(t *testing.T) {
	p := transformed.copied(t)
	p.expect(run.ExitDone, nil, "consent-codes", "--nobody-written-to", "sms", "--who", "Anna", "--target", "sandbox")
	p.expect(run.ExitDone, nil, "transform")
	p.write("ferry.yaml", "targets:\n  sandbox:\n    url: http://127.0.0.1:1/crm/sales\n    plan: pro\n"+
		"    rehearsal: true\n"+
		"  live:\n    url: https://acme.myfreshworks.com/crm/sales\n    plan: pro\n")
	if got := say(t, nil, "sql", "diff", "--dir", p.dir); !strings.Contains(got.out, "no row of any table differs") {
		t.Error(got.out, got.err)
	}
	got := say(t, nil, "sql", "export", "--dir", p.dir, "freshsales.contacts")
	if !strings.Contains(got.out, "('target', 'sandbox')") {
		t.Error("the script knows no target", got.err)
	}
}

// TestAMistakeLeavesNoRunBehind: a new run without a table would be the newest, and every question would go there.
func TestAMistakeLeavesNoRunBehind(t *testing.T) {
	p := rehearsed.copied(t)
	before := p.newestRun().ID()
	p.expect(run.ExitUsage, []string{`Did you mean "freshsales.tasks"?`}, "transform", "--only", "tasks")
	p.write("sql/3_mapping/own.sql", "-- O.\n-- one row per person_key\nselect person_kee from mapping.lifecycle\n")
	p.expect(run.ExitFailed, []string{"sql/3_mapping/own.sql:3"}, "transform")
	if after := p.newestRun().ID(); after != before {
		t.Errorf("run %s was begun", after)
	}
}
