package engine

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ferry/internal/run"
	"ferry/sql/sqltest"
	"ferry/sql/story"
)

func options(shipped fs.FS) Options {
	return Options{Shipped: shipped, Macros: sqltest.Macros(), Landed: sqltest.Landed, Now: sqltest.Clock, Threads: 1}
}

func TestRunMarksTheRun(t *testing.T) {
	dir := sqltest.NewRun(t)
	r, err := Run(context.Background(), dir, options(sqltest.Small()))
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

func TestAnalystsFilesReplaceJoinAndSwitchOff(t *testing.T) {
	dir := sqltest.NewRun(t)
	o := options(sqltest.Small())
	o.Analyst = sqltest.Files(
		"0_settings/options.csv", "name,value\nx,2\n",
		"1_staging/profiles.sql",
		"-- P.\n-- one row per profile_key\nselect profile_id as profile_key, 'mine' as email from landed.user_profiles\n",
		"2_matching/new.sql", "-- N.\n-- one row per profile_key\nselect profile_key, email from staging.profiles\n",
		"6_checks/no_email.sql", "-- off: we send letters\n",
		"stories/anything/goes.txt", "not SQL",
		"README.md", "not SQL",
	)
	sqltest.Land(t, dir, map[string]story.Table{"landed.user_profiles": sqltest.Rows("profile_id", []string{"1"})})
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
		t.Run(query, func(t *testing.T) {
			if got := ask(t, dir, o, query); got != want {
				t.Errorf("%s: %q, not %q", query, got, want)
			}
		})
	}
	for _, file := range []string{"0_settings/options.csv", "1_staging/profiles.sql", "2_matching/new.sql",
		"5_freshsales/contacts.sql", "6_checks/no_email.sql"} {
		if _, err := os.Stat(filepath.Join(dir.SQL(), file)); err != nil {
			t.Errorf("what ran is not kept: %v", err)
		}
	}
}

// ask gives the rows of a query as text, their cells between spaces.
func ask(t *testing.T, dir run.Dir, o Options, query string) string {
	t.Helper()
	e, err := Open(context.Background(), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	var lines []string
	err = e.Rows(context.Background(), query, func(values []any) error {
		cells := make([]string, len(values))
		for i, v := range values {
			cells[i] = fmt.Sprint(v)
			if at, isTime := v.(time.Time); isTime {
				cells[i] = at.UTC().Format(time.RFC3339)
			}
		}
		lines = append(lines, strings.Join(cells, " "))
		return nil
	})
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return strings.Join(lines, "\n")
}
