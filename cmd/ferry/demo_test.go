package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ferry/internal/long"
	"ferry/internal/run"
)

// TestTheDemoAndTheDemoAgain goes the whole way on a small sample, twice: the second time nothing
// has changed, so nothing is written.
func TestTheDemoAndTheDemoAgain(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "demo")
	first := say(t, nil, "demo", "--dir", dir, "--profiles", "80")
	if first.code != run.ExitDone {
		t.Fatalf("exit %d\n%s%s", first.code, first.out, first.err)
	}
	for _, want := range []string{"every sum adds up", "contacts", "where every record went", "reconciliation.xlsx"} {
		if !strings.Contains(first.out, want) {
			t.Errorf("the demo does not say %q:\n%s", want, first.out)
		}
	}
	if regexp.MustCompile(`, 0 of them write`).MatchString(first.out) {
		t.Errorf("the first demo wrote nothing:\n%s", first.out)
	}
	checkFigures(t, dir, first.out)
	checkWords(t, dir)
	checkModes(t, dir)
	checkSilence(t, dir, first.err)
	if !long.Asked {
		return
	}
	second := say(t, nil, "demo", "--dir", dir, "--profiles", "80")
	if second.code != run.ExitDone || !strings.Contains(second.out, ", 0 of them write") ||
		!strings.Contains(second.out, "nothing was written") {
		t.Errorf("exit %d\n%s%s", second.code, second.out, second.err)
	}
	checkTrials(t, dir)
	checkModes(t, dir)
	checkSilence(t, dir, second.err)

	project := run.OpenProject(dir)
	checkTraces(t, dir)
	book := filepath.Join(t.TempDir(), "diff.xlsx")
	for _, c := range []struct {
		args []string
		want string
		code run.Exit
	}{
		{[]string{"status"}, "loaded to twin", run.ExitDone},
		{[]string{"sql", "list"}, "matching.people", run.ExitDone},
		{[]string{"sql", "diff", "--xlsx", book}, "no row of any table differs", run.ExitDone},
		{[]string{"sql", "test", "--on", "20260102T030407Z-2"}, "checks; ", run.ExitDone},
		{[]string{"rollback"}, "nothing was written", run.ExitDone},
		{[]string{"rollback", "--yes"}, "", run.ExitUsage}, // undoing everything wants a word
		{[]string{"rollback", "--all", "--yes"}, " reversed, 0 kept", run.ExitDone},
		{[]string{"load", "--run", "20260102T030407Z-2", "--sample", "10"}, "loaded", run.ExitRows},
		{[]string{"rollback", "--all", "--yes", "--only", "contacts"}, " reversed, 0 kept", run.ExitDone},
	} {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			got := say(t, nil, append(slices.Clone(c.args), "--dir", project.Root())...)
			if got.code != c.code || !strings.Contains(got.out, c.want) {
				t.Errorf("exit %d, want %q\n%s%s", got.code, c.want, got.out, got.err)
			}
		})
	}
}

// checkTraces: one person is found by whatever somebody has at hand, and each part of the answer is there.
func checkTraces(t *testing.T, dir string) {
	t.Helper()
	d, err := run.OpenProject(dir).Run("20260102T030407Z-2")
	if err != nil {
		t.Fatal(err)
	}
	first := func(path string, wanted ...string) map[string]string {
		found := map[string]string{}
		err := run.ReadTable(path, func(columns []run.Column, row run.Row) error {
			all := map[string]string{}
			for i, c := range columns {
				all[c.Name], _ = row[i].(string)
			}
			for _, w := range wanted {
				if all[w] == "" || all["entity"] != "" && all["entity"] != "contacts" { // each kind has numbers of its own
					return nil
				}
			}
			found = all
			return io.EOF // one is enough
		})
		if err != nil && !errors.Is(err, io.EOF) {
			t.Fatal(err)
		}
		return found
	}
	sent := first(d.Loaded("twin", "outcomes"), "target_id", "key")
	person := first(d.Model("matching", "golden"), "email", "first_name", "last_name", "mobile_number")
	for _, c := range []struct {
		by, key string
		want    []string
	}{
		{"a Freshsales id", sent["target_id"], []string{"source rows", "person", "what is sent", "outcome", sent["key"]}},
		{"a key", person["person_key"], []string{"source rows", person["email"]}},
		{"an address", strings.ToUpper(person["email"]), []string{person["person_key"]}},
		{"an address as it is pasted", "Somebody  <mailto:" + person["email"] + "> ", []string{person["person_key"]}},
		{"a number", person["mobile_number"], []string{person["person_key"]}},
		{"a name", person["last_name"] + ", " + person["first_name"], []string{person["person_key"]}},
	} {
		got := say(t, nil, "trace", "--dir", dir, "--run", d.ID(), c.key) // each account has numbers of its own
		for _, w := range c.want {
			if got.code != run.ExitDone || c.key == "" || w == "" || !strings.Contains(got.out, w) {
				t.Errorf("trace by %s: exit %d, want %q\n%s%s", c.by, got.code, w, got.out, got.err)
			}
		}
	}
	got := say(t, nil, "trace", "--dir", dir, "nobody@nowhere.example")
	if got.code == run.ExitDone || !strings.Contains(got.err, "nobody in this run has that key") {
		t.Errorf("trace of nobody: exit %d\n%s%s", got.code, got.out, got.err)
	}
}

// checkTrials: each kind of thing that went wrong in the exports of others is in the sample, and this became of it.
func checkTrials(t *testing.T, dir string) {
	t.Helper()
	state := func(profile, channel string) string {
		return "select max(state) from mapping.consent join matching.people using (person_key) " +
			"where profile_key = '" + profile + "' and channel = '" + channel + "'"
	}
	persons := func(profiles string) string {
		return "select count(distinct person_key) from matching.people where profile_key in (" + profiles + ")"
	}
	of := func(profile, what string) string {
		return "select " + what + " from freshsales.contacts join matching.people on person_key = contact_key " +
			"where profile_key = '" + profile + "'"
	}
	found := func(check, key string) string {
		return "select count(*) > 0 from checks." + check +
			" where contains(concat_ws(' ', key, field, value), '" + key + "')"
	}
	var asked []string
	want := map[string]string{}
	for _, c := range [][3]string{
		{"a word nobody knows", state("48000101", "email"), "unknown"},
		{"a word nobody knows is asked about", found("consent_not_understood", "zorp"), "true"},
		{"a suppression", state("48000103", "email"), "opted out"},
		{"a number written otherwise", state("48000110", "sms"), "opted out"},
		{"an address in a list of two", state("48000111", "email"), "opted out"},
		{"a column that says unsubscribed", state("48000107", "email"), "opted out"},
		{"an id as a spreadsheet writes it", state("00048031", "email"), "opted out"},
		{"a no without a time", state("48000504", "email"), "opted out"},
		{"a no of a day", state("48000505", "email"), "opted out"},
		{"push", state("48000751", "push"), "opted out"},
		{"WhatsApp", state("48000751", "whatsapp"), "opted out"},
		{"a deleted user is asked about", found("contact_marked_gone", "48000601"), "true"},
		{"a merged user follows its target", "select count(*) from staging.profiles where profile_key = '48000602'", "0"},
		{"father and son", persons("'48000701', '48000702'"), "2"},
		{"siblings", persons("'48000711', '48000712'"), "2"},
		{"names that are only alike", persons("'48000871', '48000872'"), "2"},
		{"a nameless profile between strangers", persons("'48000721', '48000722', '48000723'"), "3"},
		{"a name with everything", of("48000731", "first_name || ' ' || last_name"), "Jonathan Doe"},
		{"a name of two words with emoji", of("48000732", "last_name"), "Ó Súilleabháin"},
		{"a word for nothing", of("48000741", "city"), ""},
		{"rounded ids", "select count(id_problem) from staging.profiles where last_name = 'Dornan'", "2"},
		{"two columns of one meaning", of("48000771", "mobile_number || ' ' || work_number"), "+353851234771 +35312345678"},
		{"a year of two digits", "select birth_date from matching.features where profile_key = '48000781'", "19710808"},
		{"a number of the United States", of("48000791", "mobile_number"), "+19545231948"},
		{"a row that knows only the user", of("48000801", "mobile_number || ' ' || cf_email_opt_out"), "+353871110801 true"},
		{"a word that is no id", persons("'48000811', '48000812'"), "2"},
		{"times in every spelling", "select count(happened_at) from staging.events where event_name = 'trial_visit'", "5"},
		{"a zone the source does not know", "select count(happened_at) from staging.events where event_id = 'TE6'", "0"},
		{"names of columns alike", "select count(*) from freshsales.fields where starts_with(name, 'cf_a_b')", "3"},
		{"lists", "select type from freshsales.fields where name = 'cf_pastimes'", "multi_select"},
		{"on and off", "select type from freshsales.fields where name = 'cf_on_off'", "checkbox"},
		{"Ja and Nein", "select type from freshsales.fields where name = 'cf_ja_nein'", "checkbox"},
		{"a decimal comma", "select type from freshsales.fields where name = 'cf_basket'", "number"},
		{"a column of tags", of("48000841", "list_contains(tags, 'trial vip')"), "true"},
		{"a text that is too long", "select count(*) from checks.text_cut where length(value) > 11000", "1"},
		// tables are taken over when the same rows land again: none may hold the time at which they did
		{"no time of landing", "select string_agg(table_name, ' ') from duckdb_columns() where schema_name <> 'landed' " +
			"and ends_with(column_name, 'landed_at')", "consent_rows"}, // a view, which is taken over by its inputs
		{"a number from the attributes alone", of("48000861", "mobile_number"), "+353871110861"},
	} {
		asked = append(asked, fmt.Sprintf("select '%s' as kind, coalesce((%s)::varchar, '') as found", c[0], c[1]))
		want[c[0]] = c[2]
	}
	out := say(t, nil, "sql", "query", "--csv", "--dir", dir, strings.Join(asked, "\nunion all\n"))
	if out.code != run.ExitDone {
		t.Fatal(out.err)
	}
	rows, err := csv.NewReader(strings.NewReader(out.out)).ReadAll()
	if err != nil || len(rows) != len(want)+1 {
		t.Fatalf("%d rows of %d: %v", len(rows)-1, len(want), err)
	}
	for _, row := range rows[1:] {
		if row[1] != want[row[0]] {
			t.Errorf("%s: %q, and it should be %q", row[0], row[1], want[row[0]])
		}
	}
}

// checkModes: everything under runs, targets and exports is private to the user.
func checkModes(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		info, err := e.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v: others can read it", strings.TrimPrefix(path, dir), info.Mode().Perm())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// checkSilence: no address of anybody stands in what was said or logged.
func checkSilence(t *testing.T, dir, said string) {
	t.Helper()
	logs, err := filepath.Glob(filepath.Join(dir, "runs", "*", "log.jsonl"))
	if err != nil || len(logs) == 0 {
		t.Fatal("there is no log", err)
	}
	for _, l := range logs {
		text, err := os.ReadFile(l)
		if err != nil {
			t.Fatal(err)
		}
		said += string(text)
	}
	if found := regexp.MustCompile(`[\w.]+@example\.(com|net|org)`).FindString(said); found != "" {
		t.Errorf("an e-mail address was said or logged: %s", found)
	}
}
