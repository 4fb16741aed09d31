// Package sqltest is a small house of rules, with the rows that go in, for the tests of the rooms of sql. It owns
// nothing that ships and must not know DuckDB. Start at Small, the rules, and NewRun, the folder they are built in.
package sqltest

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"ferry/internal/run"
	"ferry/sql/model"
	"ferry/sql/story"
)

// Clock stands still.
func Clock() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }

// Landed are the tables that rows go into.
var Landed = []run.Schema{
	run.Texts("user_profiles", "profile_id", "email", "_extra", "_file", "_record", "_line", "_landed_at"),
	run.Texts("events", "event_id", "profile_id", "_extra", "_file", "_record", "_line", "_landed_at"),
}

// What more than one test writes.
const (
	Profiles = "-- Profiles.\n-- one row per profile_key\nselect profile_id as profile_key, lower(email) as email\n" +
		"from landed.user_profiles\n"
	Check = "-- No e-mail.\n-- severity: hold\n-- fix: add one\nselect 'contacts' as entity, profile_key as key, " +
		"'email' as field, null as value, 'none' as reason, null as suggestion\nfrom staging.profiles\n"
)

// NewRun is a run in a project of its own whose rows are landed.
func NewRun(t testing.TB) run.Dir {
	t.Helper()
	dir, err := run.OpenProject(t.TempDir()).NewRun(Clock())
	if err != nil {
		t.Fatal(err)
	}
	if err := dir.Mark("extract", run.Stage{Output: "landed"}); err != nil {
		t.Fatal(err)
	}
	return dir
}

// Files makes a file system from pairs of path and text.
func Files(pairs ...string) fstest.MapFS {
	m := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return m
}

// Small is a house with one thing on most floors.
func Small() fstest.MapFS {
	return Files(
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

// Macros are the shared words as they are shipped.
func Macros() string {
	text, err := os.ReadFile("../macros.sql")
	if err != nil {
		panic(err)
	}
	return string(text)
}

// Rows are rows of some columns, written like a story's; the columns stand between commas.
func Rows(columns string, rows ...[]string) story.Table {
	t := story.Table{Columns: strings.Split(columns, ",")}
	for _, r := range rows {
		t.Rows = append(t.Rows, story.Row(r))
	}
	return t
}

// People are n profiles, in no order.
func People(n int) map[string]story.Table {
	var rows [][]string
	for i := range n {
		rows = append(rows, []string{fmt.Sprintf("%05d", (i*7919)%n), fmt.Sprintf("P%d@X.COM", i)})
	}
	return map[string]story.Table{"landed.user_profiles": Rows("profile_id,email", rows...)}
}

// Land writes tables where extract would.
func Land(t testing.TB, dir run.Dir, tables map[string]story.Table) {
	t.Helper()
	given := story.Story{Name: "given", Given: tables}
	if err := given.Land(dir, model.Room{Landed: Landed}, ""); err != nil {
		t.Fatal(err)
	}
}

// House is a project whose rules and rows change from build to build.
type House struct {
	Texts map[string]string
	Rows  []string // e-mail addresses
}

// NewHouse has a table, a view or a list on each floor, two people, and nothing to find.
func NewHouse() *House {
	return &House{Rows: []string{"a@x.com", "b@x.com"}, Texts: map[string]string{
		"0_settings/options.csv": "name,value\nsuffix,one\n",
		"1_staging/profiles.sql": "-- Profiles.\n-- one row per profile_key\nselect profile_id as profile_key, " +
			"lower(email) as email from landed.user_profiles;\n",
		"1_staging/options.sql": "-- Options.\n-- one row per name\nselect name, value from settings.options;\n",
		"2_matching/people.sql": "-- People.\n-- one row per person_key\n-- view\nselect profile_key as person_key, email " +
			"from staging.profiles;\n",
		"4_engagement/scores.sql": "-- Scores.\n-- one row per person_key\nselect person_key, length(email) as score, " +
			"(select value from staging.options where name = 'suffix') as suffix from matching.people;\n",
		"5_freshsales/contacts.sql": "-- Contacts.\n-- one row per contact_key\nselect person_key as contact_key, email, " +
			"suffix as job_title from matching.people " +
			"join engagement.scores using (person_key);\n",
		"6_checks/short.sql": "-- Short addresses.\n-- severity: note\n-- fix: ask\n-- decisions: accept\nselect " +
			"'contacts' as entity, contact_key as key, 'email' as field, " +
			"email as value, 'short' as reason, null as suggestion from freshsales.contacts where length(email) < 8;\n",
		"7_reports/counts.sql": "-- Counts.\n-- one row per rule\nselect rule, findings from checks.rules;\n",
	}}
}

// Files are the texts of the house.
func (h *House) Files() fstest.MapFS {
	var pairs []string
	for path, text := range h.Texts {
		pairs = append(pairs, path, text)
	}
	return Files(pairs...)
}

// Land writes the rows of the house as a landed table.
func (h *House) Land(t testing.TB, dir run.Dir) {
	t.Helper()
	var rows [][]string
	for i, email := range h.Rows {
		rows = append(rows, []string{fmt.Sprint(i), email})
	}
	Land(t, dir, map[string]story.Table{"landed.user_profiles": Rows("profile_id,email", rows...)})
}
