package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"ferry/internal/long"
	"ferry/internal/run"
	"ferry/load"
	"ferry/reports/signoff"
)

// goLiveConfig has a rehearsal and a production account, both twins.
const goLiveConfig = `source:
  exports: exports
targets:
  twin:
    url: twin
    plan: pro
    rehearsal: true
  production:
    url: twin
    plan: pro
scope:
  deals: false
load:
  acknowledged: [workflows, sequences, notifications, lifecycle_moves, single_account_links]
`

// want runs a command and wants an exit code and words in what it says.
func (p testProject) want(code run.Exit, want string, args ...string) said {
	p.t.Helper()
	got := p.say(args...)
	if got.code != code || !strings.Contains(got.out+got.err, want) {
		p.t.Fatalf("ferry %s: exit %d, want %d and %q:\n%s%s", strings.Join(args, " "), got.code, code, want,
			got.out, got.err)
	}
	return got
}

// anna is a signature with everything that is asked for.
var anna = signoff.Signed{Name: "Anna Keane", Role: "Head of service", Date: "2026-03-12", Verdict: "accept",
	MapDefault: true, FindingsDefault: true, NoBackup: true}

// TestAMigrationEndsInProduction goes the whole way: rehearsal, sign-off, production; and the way
// closes again, by name, when what was agreed changes.
func TestAMigrationEndsInProduction(t *testing.T) {
	long.Only(t)
	p := rehearsed.copied(t)
	p.want(run.ExitDone, "no rehearsal was signed", "status")
	p.want(run.ExitStop, "no rehearsal was signed", "load", "--target", "production", "--confirm", "production")
	if r, err := load.Status(run.OpenProject(p.dir).Target("production")); err != nil || len(r.Records) > 0 {
		t.Fatal("something was written to production before anybody signed", r, err)
	}
	p.want(run.ExitDone, "next: answer mapping.xlsx", "status") // and not what is done: transform, load, read back
	signed := p.signRehearsal(anna)
	p.want(run.ExitDone, "accept by Anna Keane", "signoff", signed)
	p.want(run.ExitDone, "open    Rehearsal signed, by Anna Keane", "status")
	p.want(run.ExitDone, "built", "transform", "--target", "production")
	p.want(run.ExitDone, "open    Account ready", "plan", "--target", "production")
	p.want(run.ExitStop, "nobody typed the name", "load", "--target", "production")
	p.want(run.ExitStop, "is not the name of this target", "load", "--target", "production", "--confirm", "prod")
	p.want(run.ExitDone, "loaded", "load", "--target", "production", "--confirm", "production")
	p.want(run.ExitDone, "as it was sent", "reconcile", "--target", "production")
	p.want(run.ExitDone, "whole", "status", "--audit")
	p.want(run.ExitDone, "next: ferry cutover --target production --done notifications_off", "status")

	// The runbook goes by what the audit and the history show, and takes ticks in their order only.
	p.want(run.ExitRows, "due: Notifications", "cutover", "--target", "production", "--check")
	p.want(run.ExitUsage, "say who says so", "cutover", "--target", "production", "--done", "freeze")
	p.want(run.ExitUsage, "no step that somebody ticks", "cutover", "--target", "production", "--done", "load", "--by", "Otto")
	p.want(run.ExitStop, "a step before it is not done", "cutover", "--target", "production", "--done", "freeze", "--by", "Otto")
	p.want(run.ExitDone, "| done | ticked | Otto", "cutover", "--target", "production", "--done", "notifications_off", "--by", "Otto")
	p.want(run.ExitUsage, "this is a rehearsal", "cutover", "--target", "twin")

	// A comment changes nothing; a rule does, and is named with who signed.
	text, err := os.ReadFile(filepath.Join("..", "..", "sql", "3_mapping", "lifecycle.sql"))
	if err != nil {
		t.Fatal(err)
	}
	p.write("sql/3_mapping/lifecycle.sql", string(text)+"\n-- a remark\n")
	p.want(run.ExitDone, "open    Rehearsal signed, by Anna Keane", "status")
	p.write("sql/3_mapping/lifecycle.sql", strings.Replace(string(text), "trim(lifecycle_stage) <> ''",
		"trim(lifecycle_stage) <> 'none'", 1))
	p.want(run.ExitDone, "sql/3_mapping/lifecycle.sql changed since Anna Keane signed on 2 January 2026", "status")
	p.want(run.ExitDone, "", "transform", "--target", "production")
	got := p.want(run.ExitStop, "sql/3_mapping/lifecycle.sql changed since Anna Keane signed", "load", "--target",
		"production", "--confirm", "production")
	if !strings.Contains(got.err, "try: ferry run --target twin") && !strings.Contains(got.err, "rehearse again") {
		t.Errorf("the refusal does not say what to do:\n%s", got.err)
	}
	if !loadedBefore.MatchString(p.say("status").out) { // the load stays what it is, of the run that was loaded
		t.Errorf("status does not tell the run that was loaded from the newest:\n%s", p.say("status").out)
	}
	p.want(run.ExitDone, "", "rollback", "--target", "production")
	p.want(run.ExitStop, "nobody typed the name", "rollback", "--target", "production", "--yes")
	p.want(run.ExitDone, "reversed", "rollback", "--target", "production", "--yes", "--confirm", "production")
	if got := p.say("status"); strings.Contains(got.out, "next: ferry reconcile") {
		t.Errorf("what was rolled back is to be read back:\n%s", got.out)
	}
}

// loadedBefore is a run that was loaded to production, and one after it that was not.
var loadedBefore = regexp.MustCompile(`(?m)^run .*loaded to production.*\n(?:.*\n)*?run [^;]*transform[^;]*(?:; (?:on|last) [^;]*)*$`)

// signRehearsal fills in the workbook of the newest run that was loaded to the twin.
func (p testProject) signRehearsal(s signoff.Signed) string {
	p.t.Helper()
	found, err := filepath.Glob(filepath.Join(p.dir, "runs", "*", "reports", "twin", "reconciliation.xlsx"))
	if err != nil || len(found) == 0 {
		p.t.Fatal("no workbook to sign", err)
	}
	path := filepath.Join(p.t.TempDir(), "reconciliation.xlsx")
	if err := signoff.Fill(found[0], path, s); err != nil {
		p.t.Fatal(err)
	}
	return path
}

// TestEveryVerbSaysWhichGatesItNeeds fails when a new verb does not say what it does to an account.
func TestEveryVerbSaysWhichGatesItNeeds(t *testing.T) {
	v := &verbs{}
	placed := map[string]bool{}
	for _, c := range v.commands() {
		n, known := needs[c.Name]
		placed[c.Name] = true
		if !known || n.why == "" {
			t.Errorf("ferry %s: say in needs which gates of a production account it needs, and why", c.Name)
		}
		hasConfirm := false
		for _, f := range c.Flags {
			hasConfirm = hasConfirm || f.Names()[0] == "confirm"
		}
		if hasConfirm != n.name {
			t.Errorf("ferry %s: --confirm is there: %v, wanted: %v", c.Name, hasConfirm, n.name)
		}
	}
	for name := range needs {
		if !placed[name] {
			t.Errorf("needs speaks of ferry %s, which is no verb", name)
		}
	}
}

// TestClosedGatesRefuseWhatWrites: in a project where nobody signed, whatever needs the gates ends
// with 4, and undoing wants the name only.
func TestClosedGatesRefuseWhatWrites(t *testing.T) {
	p := newProject(t, map[string]string{"profiles.csv": goodProfiles})
	p.write("ferry.yaml", goLiveConfig)
	p.want(run.ExitDone, "", "extract")
	for verb, n := range needs {
		switch {
		case n.gates:
			p.want(run.ExitStop, "a gate to this account is closed", verb, "--target", "production", "--confirm", "production")
		case n.name:
			p.want(run.ExitStop, "nobody typed the name", verb, "--target", "production", "--yes")
		}
	}
	r, err := load.Status(run.OpenProject(p.dir).Target("production"))
	if err != nil || len(r.Records) > 0 {
		t.Error("something was written to production", r, err)
	}
}
