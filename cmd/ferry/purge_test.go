package main

import (
	"archive/zip"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ferry/internal/long"
	"ferry/internal/run"
)

// Everything of Ann carries a canary: in what was typed, in lists, in history.
const (
	canaryProfiles = `user_id,email,email_subscription,mobile_number,sms_subscription,first_name,last_name,hobby,create_time
u1,ann.nightjar@example.com,1,353850123456,1,Annika,Nightjarson,falconry-nightjar,2024-01-02 10:00:00
u2,bob.two@example.com,1,353850123457,1,Bob,Two,chess,2024-01-03 10:00:00
u3,cat.three@example.com,1,353850123458,1,Cat,Three,rowing,2024-01-04 10:00:00
`
	canaryEvents = `event_id,event,user_id,timestamp,value
e1,visit,u1,2024-02-01 10:00:00,shop-nightjar
e2,visit,u2,2024-02-01 11:00:00,shop
`
	canaryNotes = `note_id,user_id,body,author,created_at
n1,u1,Ann likes the nightjar,Otto,2024-02-03 10:00:00
n2,u2,Met ann.nightjar@example.com in the shop,Otto,2024-02-04 10:00:00
`
)

var canaries = []string{"nightjar", "Nightjar", "Annika", "353850123456", "+353850123456"}

// rehearsed is a project full of canaries that was rehearsed and read back.
var rehearsed = shared{make: func(t *testing.T) testProject {
	p := newProject(t, map[string]string{"user_profiles.csv": canaryProfiles, "events.csv": canaryEvents,
		"notes.csv": canaryNotes})
	p.write("ferry.yaml", strings.Replace(goLiveConfig, "deals: false",
		"deals: false\n  migration_user: migration@example.com", 1))
	p.want(run.ExitDone, "loaded", "run", "--target", "twin")
	return p
}}

// TestNothingOfAPurgedRunOrTargetIsLeft: first the run's tables and workbooks, then what is kept of the account.
func TestNothingOfAPurgedRunOrTargetIsLeft(t *testing.T) {
	p := rehearsed.copied(t)
	p.want(run.ExitDone, "copied", "backup", "--target", "twin", "--all", "--yes")
	p.want(run.ExitDone, "nothing was changed", "purge", "--run", "20260102T030405Z")
	got := p.want(run.ExitDone, "erased", "purge", "--run", "20260102T030405Z", "--yes")
	if !strings.Contains(got.out, "purge --target") {
		t.Errorf("the purge of a run does not say what the ledger keeps:\n%s", got.out)
	}
	for _, found := range p.canaries() {
		if strings.HasPrefix(found, "/runs") {
			t.Error("still in the run:", found)
		}
	}
	found := strings.Join(p.canaries(), "\n")
	if !strings.Contains(found, "ledger.db") || !strings.Contains(found, "/backup/") {
		t.Fatalf("the canaries are not in ledger and copy, so their absence would prove nothing:\n%s", found)
	}
	p.want(run.ExitDone, "ferry rollback", "purge", "--target", "twin")
	p.want(run.ExitDone, "erased", "purge", "--target", "twin", "--yes")
	if found := p.canaries(); len(found) > 0 {
		t.Errorf("still there:\n%s", strings.Join(found, "\n"))
	}
	p.want(run.ExitDone, "whole", "status", "--audit")
}

// TestNothingOfAPurgedPersonIsLeft greps the whole project, inside tables, workbooks and ledgers; and
// the next export does not bring the person back.
func TestNothingOfAPurgedPersonIsLeft(t *testing.T) {
	long.Only(t)
	p := rehearsed.copied(t)
	p.want(run.ExitDone, "copied", "backup", "--target", "twin", "--all", "--yes")
	unfinished := filepath.Join("targets", "twin", "backup", "20250101T000000Z", "unfinished")
	p.write(filepath.Join(unfinished, "begun.json"), `{"kind":"touched","run":"x"}`)
	p.write(filepath.Join(unfinished, "contacts.ndjson"), `{"id":1,"record":{"last_name":"Nightjarson"}}`)
	p.write("signed/reconciliation.xlsx", "somebody saved it here")
	p.write("decisions/decisions.csv",
		"rule,key,field,decision,value,who,decided_at,source_cell\n"+
			"email_doubtful,u:u1,email,clean,ann.nightjar@example.com,Otto,2026-01-01T00:00:00Z,x\n")
	if found := p.canaries(); len(found) == 0 {
		t.Fatal("the canaries are nowhere, so their absence would prove nothing")
	}
	p.want(run.ExitDone, "nothing was changed", "purge", "--person", "ann.nightjar@example.com")
	got := p.want(run.ExitDone, "erased", "purge", "--person", "ann.nightjar@example.com", "--yes")
	for _, say := range []string{"recycle bin", "can no longer restore", "exports", "copies of accounts",
		"signed/reconciliation.xlsx"} {
		if !strings.Contains(got.out, say) {
			t.Errorf("the purge does not say %q:\n%s", say, got.out)
		}
	}
	if found := p.canaries(); len(found) > 0 {
		t.Errorf("still there:\n%s", strings.Join(found, "\n"))
	}
	// The days after go on: what the run counts still adds up, and nothing is written down again.
	p.want(run.ExitDone, "all 3 contacts read back, 0 differ", "reconcile", "--target", "twin")
	p.want(run.ExitDone, "wrote", "report")
	if found := p.canaries(); len(found) > 0 {
		t.Errorf("a read-back brought back:\n%s", strings.Join(found, "\n"))
	}
	p.want(run.ExitDone, "erased before", "purge", "--person", "ann.nightjar@example.com", "--yes")
	p.want(run.ExitUsage, "knows anybody", "purge", "--person", "nobody@example.com", "--yes")

	// The same files are exported again, with something new.
	p.write("exports/user_profiles.csv", canaryProfiles+
		"u4,dan.four@example.com,1,353850123459,1,Dan,Four,rowing,2024-01-05 10:00:00\n")
	p.want(run.ExitDone, "asked to be forgotten", "extract")
	p.want(run.ExitDone, "every sum adds up", "transform", "--target", "twin")
	if found := p.canaries(); len(found) > 0 {
		t.Errorf("the next export brought back:\n%s", strings.Join(found, "\n"))
	}
	p.want(run.ExitDone, "whole", "status", "--audit")
	p.want(run.ExitRows, "reversed", "rollback", "--target", "twin", "--yes") // the purged contact is left, and listed
}

// canaries lists where a canary stands in the project: not in exports, which are the customer's files,
// and not in the records of the built-in Freshsales, which stands for somebody else's system.
func (p testProject) canaries() (found []string) {
	p.t.Helper()
	look := func(where, text string) {
		for _, c := range canaries {
			if at := strings.Index(text, c); at >= 0 {
				found = append(found, fmt.Sprintf("%s: …%q…", where, text[max(0, at-30):min(len(text), at+30)]))
				return
			}
		}
	}
	err := filepath.WalkDir(p.dir, func(path string, e fs.DirEntry, err error) error {
		short := strings.TrimPrefix(path, p.dir)
		if err != nil || strings.HasPrefix(short, "/exports") || strings.HasPrefix(short, "/targets/twin/twin") {
			return err
		}
		look("name of "+short, e.Name())
		switch {
		case e.IsDir():
			return nil
		case filepath.Ext(path) == ".parquet":
			if strings.HasSuffix(short, "/time_orders.parquet") {
				return nil // one map of flags for each table
			}
			return run.ReadTable(path, func(columns []run.Column, row run.Row) error {
				look(short, fmt.Sprint(row...))
				return nil
			})
		case filepath.Ext(path) == ".xlsx" && !strings.HasPrefix(short, "/signed"):
			z, err := zip.OpenReader(path)
			if err != nil {
				return err
			}
			defer z.Close()
			for _, f := range z.File {
				r, err := f.Open()
				if err != nil {
					return err
				}
				text, err := io.ReadAll(r)
				if err != nil {
					return err
				}
				look(short+"/"+f.Name, string(text))
			}
			return nil
		}
		text, err := os.ReadFile(path)
		look(short, string(text))
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return found
}
