package ask

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ferry/internal/run"
	"ferry/sql/engine"
	"ferry/sql/model"
	"ferry/sql/sqltest"
)

func TestACopyKnowsWhenOursHasChanged(t *testing.T) {
	folder := t.TempDir()
	o := rules(sqltest.Small())
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
	warned := func(o engine.Options) string {
		var said []string
		o.Events = func(e run.Event) {
			if e.Kind == run.Warning {
				said = append(said, e.Text)
			}
		}
		if _, err := engine.Run(context.Background(), sqltest.NewRun(t), o); err != nil {
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
	same, err := model.Digest(o.Room())
	if err != nil {
		t.Fatal(err)
	}
	if ours, _ := model.Digest(rules(sqltest.Small()).Room()); ours != same {
		t.Error("copying a file changes the digest of what will be built")
	}

	// A comment of ours does not count; a rule of ours does.
	newer := sqltest.Small()
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
	o := rules(sqltest.Small())
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
	o := rules(sqltest.Small())
	o.Analyst = sqltest.Files(
		"1_staging/profiles.sql", sqltest.Profiles,
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
