package engine

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ferry/internal/run"
)

func TestACopyKnowsWhenOursHasChanged(t *testing.T) {
	folder := t.TempDir()
	o := options(small())
	for _, table := range []string{"staging.profiles", "settings.options"} {
		path, err := Copy(o.Room(), table, folder)
		if err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != run.FileMode {
			t.Fatal(info, err)
		}
	}
	o.Analyst = os.DirFS(folder)
	warned := func(o Options) string {
		var said []string
		o.Events = func(e run.Event) {
			if e.Kind == run.Warning {
				said = append(said, e.Text)
			}
		}
		if _, err := Run(context.Background(), newRun(t), o); err != nil {
			t.Fatal(err)
		}
		return strings.Join(said, "\n")
	}
	if said := warned(o); said != "" {
		t.Errorf("an untouched copy warns: %s", said)
	}
	if text, err := Diff(o.Room(), ""); err != nil || text != "" {
		t.Errorf("an untouched copy differs: %s %v", text, err)
	}
	same, err := Digest(o.Room())
	if err != nil {
		t.Fatal(err)
	}
	if ours, _ := Digest(options(small()).Room()); ours != same {
		t.Error("copying a file changes the digest of what will be built")
	}

	// A comment of ours does not count; a rule of ours does.
	newer := copyOf(t, small())
	newer["1_staging/profiles.sql"].Data = []byte("-- All profiles.\n" + string(newer["1_staging/profiles.sql"].Data))
	o.Shipped = newer
	if said := warned(o); said != "" {
		t.Errorf("a comment warns: %s", said)
	}
	newer["1_staging/profiles.sql"].Data = []byte(strings.Replace(string(newer["1_staging/profiles.sql"].Data),
		"lower(email)", "trim(email)", 1))
	newer["0_settings/options.csv"].Data = []byte("name,value,meaning\nx,2,why\n")
	want := "sql/0_settings/options.csv was copied from ours, and ours has changed since: ferry sql diff " +
		"--text settings.options\n" +
		"sql/1_staging/profiles.sql was copied from ours, and ours has changed since: ferry sql diff --text staging.profiles"
	if diff := cmp.Diff(want, warned(o)); diff != "" {
		t.Error(diff)
	}
	text, err := Diff(o.Room(), "staging.profiles")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"ours has changed since", "-select profile_id as profile_key, trim(email)",
		"+select profile_id as profile_key, lower(email)"} {
		if !strings.Contains(text, line) {
			t.Errorf("%q is not in\n%s", line, text)
		}
	}
	if strings.Contains(text, "-- copied:") {
		t.Errorf("our own note is shown as a difference:\n%s", text)
	}
}

func TestCopyNeverWritesOverAFile(t *testing.T) {
	folder := t.TempDir()
	o := options(small())
	path, err := Copy(o.Room(), "staging.profiles", folder)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Copy(o.Room(), "staging.profiles", folder); run.ExitOf(err) != run.ExitUsage {
		t.Error(err)
	}
	if _, err := Copy(o.Room(), "staging.profils", folder); err == nil ||
		!strings.Contains(err.Error(), `Did you mean "staging.profiles"?`) {
		t.Error(err)
	}
	if text, _ := os.ReadFile(path); string(text) != "mine" {
		t.Error("the analyst's file was written over")
	}
}

func TestListTellsFloorsOwnersAndReads(t *testing.T) {
	o := options(small())
	o.Analyst = files(
		"1_staging/profiles.sql", goodProfiles,
		"2_matching/people.sql",
		"-- People.\n-- one row per profile_key\n-- view\nselect profile_key from staging.profiles\n",
		"6_checks/no_email.sql", "-- off: we send letters\n",
	)
	list, err := List(o.Room())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range list {
		got = append(got, strings.Join([]string{e.Table, e.Whose, e.Kind, strings.Join(e.Reads, "+"),
			e.Sentence, e.Off}, "|"))
	}
	want := []string{
		"settings.options|ours|list|||",
		"staging.profiles|yours, replaces ours|table|landed.user_profiles|Profiles.|",
		"matching.people|yours|view|staging.profiles|People.|",
		"freshsales.contacts|ours|table|staging.profiles|Contacts.|",
		"reports.counts|ours|table|checks.rules|Counts.|",
		"checks.no_email|yours, replaces ours|check||Contacts without e-mail.|we send letters",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAnalystsFilesReplaceJoinAndSwitchOff(t *testing.T) {
	dir := newRun(t)
	o := options(small())
	o.Analyst = files(
		"0_settings/options.csv", "name,value\nx,2\n",
		"1_staging/profiles.sql",
		"-- P.\n-- one row per profile_key\nselect profile_id as profile_key, 'mine' as email from landed.user_profiles\n",
		"2_matching/new.sql", "-- N.\n-- one row per profile_key\nselect profile_key, email from staging.profiles\n",
		"6_checks/no_email.sql", "-- off: we send letters\n",
		"stories/anything/goes.txt", "not SQL",
		"README.md", "not SQL",
	)
	land(t, dir, map[string]StoryTable{"landed.user_profiles": given("profile_id", []string{"1"})})
	r, err := Run(context.Background(), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]CheckResult{{Rule: "no_email", Severity: "hold", Sentence: "Contacts without e-mail.",
		OffReason: "we send letters"}}, r.Checks); diff != "" {
		t.Error(diff)
	}
	for query, want := range map[string]string{
		"select email from matching.new":                                        "mine",
		"select count(*) from checks.findings":                                  "0",
		"select name || value from settings.options":                            "x2",
		"select off_reason from checks.rules":                                   "we send letters",
		"select value from settings.run where name = 'run_at'":                  "2026-01-02T03:04:05Z",
		"select count(*) from landed.events":                                    "0",
		"select count(*) from freshsales.contacts where contact_key = '1'":      "1",
		"select count(*) from settings.decisions as a, settings.field_map as b": "0",
		"select string_agg(name, ',' order by name) from settings.run":          "run_at,run_id,target",
		"select now() is not null":                                              "true",
	} {
		if got := ask(t, dir, o, query); got != want {
			t.Errorf("%s: %q, not %q", query, got, want)
		}
	}
	for _, file := range []string{"0_settings/options.csv", "1_staging/profiles.sql", "2_matching/new.sql",
		"5_freshsales/contacts.sql", "6_checks/no_email.sql"} {
		if _, err := os.Stat(filepath.Join(dir.SQL(), file)); err != nil {
			t.Errorf("what ran is not kept: %v", err)
		}
	}
}

// ask gives the one value of a query.
func ask(t *testing.T, dir run.Dir, o Options, query string) string {
	t.Helper()
	a, err := Query(context.Background(), dir, query, o)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	if len(a.Rows) != 1 || len(a.Rows[0]) != 1 || a.Rows[0][0] == nil {
		t.Fatalf("%s gives\n%s", query, a)
	}
	return *a.Rows[0][0]
}
