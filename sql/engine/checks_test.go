package engine

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ferry/internal/run"
	"ferry/sql/sqltest"
	"ferry/sql/story"
)

func decisions(t *testing.T, csv string) string {
	t.Helper()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "quality.csv"), []byte(csv), 0o600); err != nil {
		t.Fatal(err)
	}
	return folder
}

// A row's answer wins over the rule's, a newer over an older; what is not offered is no answer;
// a stop stays.
func TestDecisionsLiftHoldsOnly(t *testing.T) {
	check := func(severity, offered string) string {
		return "-- C.\n-- severity: " + severity + "\n-- fix: x\n" + offered +
			"select 'contacts' as entity, profile_key as key, f as field, email as value, 'r' as reason, null as suggestion\n" +
			"from staging.profiles, (values ('email'), ('name')) as v (f)\n"
	}
	o := options(sqltest.Files("1_staging/profiles.sql", sqltest.Profiles,
		"5_freshsales/contacts.sql",
		"-- C.\n-- one row per contact_key\nselect profile_key as contact_key from staging.profiles\n",
		"6_checks/held.sql", check("hold", "-- decisions: accept delete\n"),
		"6_checks/stopped.sql", check("stop", "-- decisions: accept\n"),
		"6_checks/noted.sql", check("note", ""),
	))
	o.Decisions = decisions(t, `rule,key,field,decision,who,decided_at
held,,,accept,ann,2026-01-01
held,2,,delete,ann,2026-01-01
held,3,email,delete,ann,2026-01-01
held,4,,delete,ann,2026-01-01
held,4,,accept,ann,2026-01-02
held,5,,clean,ann,2026-01-02
stopped,,,accept,ann,2026-01-01
noted,1,,accept,ann,2026-01-01
`)
	dir := sqltest.NewRun(t)
	sqltest.Land(t, dir, map[string]story.Table{"landed.user_profiles": sqltest.Rows("profile_id", []string{"1"},
		[]string{"2"}, []string{"3"}, []string{"4"}, []string{"5"})})
	r, err := Run(context.Background(), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	got := ask(t, dir, o,
		"select rule, key, field, decision, is_held from checks.findings where rule <> 'noted' or key = '1' order by all")
	want := `held 1 email accept false
held 1 name accept false
held 2 email delete true
held 2 name delete true
held 3 email delete true
held 3 name accept false
held 4 email accept false
held 4 name accept false
held 5 email accept false
held 5 name accept false
noted 1 email <nil> false
noted 1 name <nil> false
`
	for _, key := range []string{"1", "2", "3", "4", "5"} {
		want += "stopped " + key + " email accept false\nstopped " + key + " name accept false\n"
	}
	if diff := cmp.Diff(want, got+"\n"); diff != "" {
		t.Error(diff)
	}
	if stops := r.Stops(); len(stops) != 1 || stops[0].Rule != "stopped" || stops[0].Findings != 10 {
		t.Errorf("stops: %+v", stops)
	}
}

func TestUnknownColumnsInDecisionsAreRefused(t *testing.T) {
	o := options(sqltest.Small())
	o.Decisions = decisions(t, "rule,kee,decision\n")
	_, err := Run(context.Background(), sqltest.NewRun(t), o)
	if err == nil || !strings.Contains(err.Error(), `unknown column "kee". Did you mean "key"?`) {
		t.Error(err)
	}
}

// A sum that is off leaves the run unfinished and is told.
func TestAnEquationThatIsOffLeavesTheRunUnmarked(t *testing.T) {
	equations := func(isTrue string) Options {
		return options(sqltest.Files("7_reports/equations.sql",
			"-- E.\n-- one row per equation\nselect 'landed' as equation, 'contacts' as entity, 'a' as left_name, 1 as "+
				"left_value, 'b' as right_name, 2 as right_value, "+isTrue+" as is_true\n"))
	}
	dir := sqltest.NewRun(t)
	for _, off := range []string{"false", "null::boolean"} {
		r, err := Run(context.Background(), dir, equations(off))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]Equation{{"landed", "contacts", "a", "b", 1, 2}}, r.Equations); diff != "" {
			t.Error(diff)
		}
		if _, err := dir.Done(stage, ""); err == nil {
			t.Error("the run is marked")
		}
	}
	if r, err := Run(context.Background(), dir, equations("true")); err != nil || len(r.Equations) > 0 {
		t.Fatal(r, err)
	}
	if _, err := dir.Done(stage, ""); err != nil {
		t.Error(err)
	}
}

// A hold that names nothing that is sent would hold nothing, silently.
func TestAHoldHoldsSomething(t *testing.T) {
	hold := func(entity, key string) Options {
		return options(sqltest.Files("1_staging/profiles.sql", sqltest.Profiles,
			"5_freshsales/contacts.sql",
			"-- C.\n-- one row per contact_key\nselect profile_key as contact_key from staging.profiles\n",
			"6_checks/held.sql", "-- C.\n-- severity: hold\n-- fix: x\nselect\n    "+entity+" as entity,\n    "+key+
				" as key, null as field, null as value, 'r' as reason, null as suggestion\nfrom staging.profiles\n"))
	}
	dir := sqltest.NewRun(t)
	sqltest.Land(t, dir, sqltest.People(3))
	_, err := Run(context.Background(), dir, hold("'contact'", "profile_key"))
	if err == nil || !strings.Contains(err.Error(),
		"sql/6_checks/held.sql:5   (ours)\n    a hold names an entity that is sent, and \"contact\" is none. "+
			"Did you mean \"contacts\"?") {
		t.Error(err)
	}
	var said []string
	o := hold("'contacts'", "email")
	o.Events = func(e run.Event) {
		if e.Kind == run.Warning {
			said = append(said, e.Subject+": "+e.Text)
		}
	}
	if _, err := Run(context.Background(), dir, o); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"checks.held: 3 findings hold keys that freshsales.contacts does not " +
		"have, so they hold nothing"}, said); diff != "" {
		t.Error(diff)
	}
}
