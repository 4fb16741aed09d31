package engine

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"ferry/internal/run"
	"ferry/sql/model"
	"ferry/sql/sqltest"
)

func TestStaleSaysWhy(t *testing.T) {
	dir := sqltest.NewRun(t)
	o := options(sqltest.Small())
	stale := func(o Options) string {
		t.Helper()
		s, err := Stale(dir, o)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	if got := stale(o); got != "this run has no tables yet" {
		t.Error(got)
	}
	if _, err := Run(context.Background(), dir, o); err != nil {
		t.Fatal(err)
	}
	if got := stale(o); got != "" {
		t.Error(got)
	}
	changed := "your SQL, settings or decisions changed since these tables were built"
	comment := sqltest.Small()
	comment["1_staging/profiles.sql"].Data = append(comment["1_staging/profiles.sql"].Data, "-- why\n"...)
	for _, c := range []struct {
		name   string
		change func(*Options)
		want   string
	}{
		{"a comment", func(o *Options) { o.Shipped = comment }, ""},
		{"the time", func(o *Options) { o.RunInfo = map[string]string{"run_at": "later"} }, ""},
		{"a rule", func(o *Options) {
			o.Analyst = sqltest.Files("1_staging/profiles.sql", sqltest.Profiles+"where true\n")
		}, changed},
		{"a setting", func(o *Options) { o.Analyst = sqltest.Files("0_settings/options.csv", "name,value\nx,2\n") }, changed},
		{"a severity", func(o *Options) {
			m := sqltest.Small()
			m["6_checks/no_email.sql"].Data = []byte(strings.Replace(string(m["6_checks/no_email.sql"].Data), "hold", "stop", 1))
			o.Shipped = m
		}, changed},
		{"a check off", func(o *Options) { o.Analyst = sqltest.Files("6_checks/no_email.sql", "-- off: x\n") }, changed},
		{"the scope", func(o *Options) { o.Scope = map[string]string{"deals": "true"} }, changed},
		{"a decision", func(o *Options) { o.Decisions = decisions(t, "rule,key,decision\nno_email,1,accept\n") }, changed},
	} {
		t.Run(c.name, func(t *testing.T) {
			changed := o
			c.change(&changed)
			if got := stale(changed); got != c.want {
				t.Errorf("after %s: %q, not %q", c.name, got, c.want)
			}
		})
	}
	if err := dir.Mark("extract", run.Stage{Output: "other"}); err != nil {
		t.Fatal(err)
	}
	if got := stale(o); got != "the landed files changed since these tables were built" {
		t.Error(got)
	}
}

// What is sent is in the order the loader reads it in, whatever order a model asks for: an order of its own would
// make the loader take people for vanished.
func TestWhatIsSentIsSorted(t *testing.T) {
	dir := sqltest.NewRun(t)
	o := options(sqltest.Files("1_staging/profiles.sql", sqltest.Profiles,
		"5_freshsales/contacts.sql",
		"-- C.\n-- one row per contact_key\nselect profile_key as contact_key from staging.profiles order by email desc\n",
		"5_freshsales/tasks.sql",
		"-- T.\n-- one row per task_key\nselect profile_key as task_key, 'c' || substr(profile_key, length(profile_key)) as "+
			"contact_key from staging.profiles order by task_key desc\n"))
	o.Fields = []model.EntityFields{{Entity: "contacts", Key: "contact_key"},
		{Entity: "tasks", Key: "task_key", Order: []string{"contact_key", "task_key"}}}
	sqltest.Land(t, dir, sqltest.People(5000))
	if _, err := Run(context.Background(), dir, o); err != nil {
		t.Fatal(err)
	}
	for table, by := range map[string][]int{"contacts": {0}, "tasks": {1, 0}} {
		last, n := "", 0
		err := run.ReadTable(dir.Model("freshsales", table), func(_ []run.Column, row run.Row) error {
			now := ""
			for _, c := range by {
				now += row[c].(string) + " "
			}
			if n++; now <= last {
				return fmt.Errorf("%s after %s", now, last)
			}
			last = now
			return nil
		})
		if err != nil || n != 5000 {
			t.Error(table, n, err)
		}
	}
}

// A model in parts gives the rows it would give whole.
func TestPartsGiveTheSameRows(t *testing.T) {
	const body = "select profiles.profile_key, count(*) as n, any_value(options.value) as v\nfrom staging.profiles\n" +
		"join staging.twice on twice.profile_key = profiles.profile_key\ncross join settings.options\ngroup by all\n"
	build := func(parts string) (string, string) {
		dir := sqltest.NewRun(t)
		o := options(sqltest.Files("0_settings/options.csv", "name,value\nx,1\n", "1_staging/profiles.sql", sqltest.Profiles,
			"1_staging/twice.sql",
			"-- Twice.\n-- one row per profile_key, n\n-- view\nselect profile_key, n from staging.profiles, "+
				"(values (1), (2)) as v (n)\n",
			"2_matching/whole.sql", "-- W.\n-- one row per profile_key\n"+parts+body,
			"3_mapping/after.sql", "-- A.\n-- one row per profile_key\nselect profile_key from staging.profiles\n"))
		sqltest.Land(t, dir, sqltest.People(3000))
		r, err := Run(context.Background(), dir, o)
		if err != nil {
			t.Fatal(err)
		}
		if r.Models != 4 {
			t.Error(r.Models)
		}
		return ask(t, dir, o, "select md5(string_agg(w::varchar, ',' order by profile_key)) from matching.whole as w"),
			ask(t, dir, o, "select count(*) from mapping.after")
	}
	whole, _ := build("")
	parts, after := build("-- parts: 7 by profile_key\n")
	if whole != parts {
		t.Error("the rows differ")
	}
	if after != "3000" {
		t.Errorf("a table read in parts has %s rows for the others", after)
	}
}

func TestPartsNeedAKeyToCutBy(t *testing.T) {
	o := options(sqltest.Files("1_staging/profiles.sql", sqltest.Profiles,
		"2_matching/p.sql",
		"-- P.\n-- one row per profile_key\n-- parts: 4 by person_key\nselect profile_key from staging.profiles\n"))
	_, err := Run(context.Background(), sqltest.NewRun(t), o)
	if err == nil || !strings.Contains(err.Error(), `sql/2_matching/p.sql:3   (ours)
    no table read here has a column "person_key" to cut it into parts by`) {
		t.Error(err)
	}
}

// After a load the reports are built again and nothing else; the run itself is never.
func TestReportsAreBuiltAgainAfterALoad(t *testing.T) {
	outcomes := run.Texts("outcomes", "entity", "key", "outcome")
	m := sqltest.Small()
	m["7_reports/sent.sql"] = &fstest.MapFile{Data: []byte("-- S.\n-- one row per key\nselect key, " +
		"outcome from loaded.outcomes\n")}
	o := options(m)
	o.Loaded, o.Target = []run.Schema{outcomes}, "twin"
	dir := sqltest.NewRun(t)
	sqltest.Land(t, dir, sqltest.People(3))
	if _, err := Run(context.Background(), dir, o); err != nil {
		t.Fatal(err)
	}
	if got := ask(t, dir, o, "select count(*) from reports.sent"); got != "0" {
		t.Error(got)
	}
	before := modTime(t, dir.Model("freshsales", "contacts"))
	w, err := run.CreateTable(dir.Loaded("twin", "outcomes"), outcomes)
	if err == nil {
		err = w.Write(run.Row{"contacts", "00001", "created"})
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Run(context.Background(), dir, o); err == nil ||
		!strings.Contains(err.Error(), "has been loaded into twin") {
		t.Errorf("a loaded run was transformed again: %v", err)
	}
	o.Floors = []int{7}
	r, err := Run(context.Background(), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	if r.Models != 2 || len(r.Checks) != 1 {
		t.Errorf("%+v", r)
	}
	if got := ask(t, dir, o, "select key || outcome from reports.sent"); got != "00001created" {
		t.Error(got)
	}
	if modTime(t, dir.Model("freshsales", "contacts")) != before {
		t.Error("a table below the reports was built again")
	}
	for _, s := range []string{stage, stage + " twin"} {
		if _, err := dir.Done(s, ""); err != nil {
			t.Error(err)
		}
	}
}

func modTime(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.ModTime().UnixNano()
}

// Columns that a landed file of an older run lacks are null, and the outcome of a run does not
// depend on threads or on the order of rows in files.
func TestOutputDigestDependsOnRowsOnly(t *testing.T) {
	output := func(threads int, reverse bool) string {
		o := options(sqltest.Small())
		o.Threads = threads
		dir := sqltest.NewRun(t)
		p := sqltest.People(2000)
		if reverse {
			rows := p["landed.user_profiles"].Rows
			for i, j := 0, len(rows)-1; i < j; i, j = i+1, j-1 {
				rows[i], rows[j] = rows[j], rows[i]
			}
		}
		sqltest.Land(t, dir, p)
		if _, err := Run(context.Background(), dir, o); err != nil {
			t.Fatal(err)
		}
		mark, err := dir.Done(stage, "")
		if err != nil {
			t.Fatal(err)
		}
		return mark.Output
	}
	one := output(1, false)
	if one != output(2, true) {
		t.Error("the same rows gave another digest")
	}
}

// What a workbook shows has types that may cross to another room; what can be cast without loss is.
func TestReportsHaveTypesThatMayCross(t *testing.T) {
	o := options(sqltest.Files("7_reports/a.sql",
		"-- A.\n-- one row per n\nselect 1 as n, sum(x) as total, sum(x) / 3.0 as share, 1.5::decimal(9,2) as price, "+
			"null::varchar as nothing, timestamp '2026-01-02 03:04:05' as at, list(x::varchar) as texts\nfrom (values "+
			"(1::bigint), (2)) as v (x)\n",
		"7_reports/b.sql", "-- B.\n-- one row per total\nselect total + 1 as total from reports.a\n"))
	dir := sqltest.NewRun(t)
	if _, err := Run(context.Background(), dir, o); err != nil {
		t.Fatal(err)
	}
	var got []string
	err := run.ReadTable(dir.Model("reports", "a"), func(columns []run.Column, _ run.Row) error {
		for _, c := range columns {
			got = append(got, c.Name+" "+string(c.Type))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"n bigint", "total bigint", "share double", "price double", "nothing varchar", "at timestamptz",
		"texts varchar[]"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	o.Shipped = sqltest.Files("7_reports/a.sql", "-- A.\n-- one row per n\nselect 1 as n, {'a': 1} as s\n")
	if _, err := Run(context.Background(), sqltest.NewRun(t), o); err == nil ||
		!strings.Contains(err.Error(), "column s is struct, which no workbook can show") {
		t.Error(err)
	}
}
