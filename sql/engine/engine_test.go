package engine

import (
	"context"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"ferry/internal/run"
)

var clock = func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }

var landed = []run.Schema{
	run.Texts("user_profiles", "profile_id", "email", "_extra", "_file", "_record", "_line", "_landed_at"),
	run.Texts("events", "event_id", "profile_id", "_extra", "_file", "_record", "_line", "_landed_at"),
}

func newRun(t *testing.T) run.Dir {
	t.Helper()
	dir, err := run.OpenProject(t.TempDir()).NewRun(clock())
	if err != nil {
		t.Fatal(err)
	}
	if err := dir.Mark("extract", run.Stage{Output: "landed"}); err != nil {
		t.Fatal(err)
	}
	return dir
}

// files makes a file system from pairs of path and text.
func files(pairs ...string) fs.FS {
	m := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return m
}

func small() fs.FS {
	return files(
		"0_settings/options.csv", "name,value,meaning\nx,1,why\n",
		"1_staging/profiles.sql",
		"-- Profiles.\n-- one row per profile_key\nselect profile_id as profile_key, lower(email) as email from "+
			"landed.user_profiles;\n",
		"5_freshsales/contacts.sql",
		"-- Contacts.\n-- one row per contact_key\nselect profile_key as contact_key, email from staging.profiles\n",
		"6_checks/no_email.sql",
		"-- Contacts without e-mail.\n-- severity: hold\n-- fix: add one\n-- decisions: accept delete\nselect 'contacts' "+
			"as entity, contact_key as key, 'email' as field, null as value, 'missing' as reason, null as suggestion from "+
			"freshsales.contacts where email is null\n",
		"7_reports/counts.sql", "-- Counts.\n-- one row per rule\nselect rule, findings from checks.rules\n",
	)
}

func options(shipped fs.FS) Options {
	return Options{Shipped: shipped, Macros: shippedMacros(), Landed: landed, Now: clock, Threads: 1}
}

func given(columns string, rows ...[]string) StoryTable {
	t := StoryTable{Columns: strings.Split(columns, ",")}
	for _, r := range rows {
		t.Rows = append(t.Rows, storyRow(r))
	}
	return t
}

func TestAStoryComesOutAsItIsTold(t *testing.T) {
	s := Story{Name: "holds", Given: map[string]StoryTable{
		"landed.user_profiles": given("profile_id,email", []string{"1", "A@X.COM"}, []string{"2", ""}),
	}, Expect: map[string]StoryTable{
		"freshsales.contacts": given("contact_key,email", []string{"2", ""}, []string{"1", "a@x.com"}),
		"checks.findings":     given("rule,key,is_held", []string{"no_email", "2", "true"}),
		"reports.counts":      given("rule,findings", []string{"no_email", "1"}),
	}}
	diff, err := Tell(context.Background(), newRun(t), s, options(small()))
	if err != nil {
		t.Fatal(err)
	}
	if diff != "" {
		t.Error(diff)
	}
}

func TestRunMarksTheRun(t *testing.T) {
	dir := newRun(t)
	r, err := Run(context.Background(), dir, options(small()))
	if err != nil {
		t.Fatal(err)
	}
	if r.Models != 4 {
		t.Errorf("built %d models, not 4", r.Models)
	}
	if _, err := dir.Done(stage, "ferry transform"); err != nil {
		t.Error(err)
	}
}

// land writes tables where extract would.
func land(t *testing.T, dir run.Dir, tables map[string]StoryTable) {
	t.Helper()
	if err := (Story{Name: "given", Given: tables}).giveFiles(dir, Room{Landed: landed}, ""); err != nil {
		t.Fatal(err)
	}
}

// shippedMacros are the shared words as they are shipped.
func shippedMacros() string {
	text, err := os.ReadFile("../macros.sql")
	if err != nil {
		panic(err)
	}
	return string(text)
}
