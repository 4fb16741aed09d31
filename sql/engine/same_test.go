package engine

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ferry/internal/run"
	"ferry/sql/model"
	"ferry/sql/sqltest"
)

// Rows in another order are the same rows: what reads the time of the run is built again, what stands on it is not. The
// order of a report is kept, because a workbook shows it.
func TestATableWithTheRowsItHadIsTheFileItWas(t *testing.T) {
	texts := []string{
		"1_staging/profiles.sql", "-- P.\n-- one row per profile_key\n" +
			"select profile_id as profile_key, email from landed.user_profiles\n" +
			"order by hash(profile_id || (select value from settings.run where name = 'run_at'))\n",
		"5_freshsales/contacts.sql", "-- C.\n-- one row per contact_key\nselect profile_key as contact_key, email " +
			"from staging.profiles\n",
		"6_checks/no_email.sql", sqltest.Check,
		"7_reports/people.sql", "-- P.\n-- one row per contact_key\nselect contact_key from freshsales.contacts " +
			"order by contact_key\n",
	}
	files := sqltest.Files(texts...)
	dir := sqltest.NewRun(t)
	sqltest.Land(t, dir, sqltest.People(40))
	now := sqltest.Clock()
	build := func(dir run.Dir, everything bool) map[string]string {
		t.Helper()
		now = now.Add(time.Hour)
		o := options(files)
		o.Program, o.Everything, o.Now = func() string { return "one" }, everything, func() time.Time { return now }
		r, err := Run(context.Background(), dir, o)
		if err != nil {
			t.Fatal(err)
		}
		anew := map[string]string{}
		for _, b := range r.Built {
			if !b.Reused {
				anew[b.Model] = b.Digest
			}
		}
		return anew
	}
	first := build(dir, false)
	if got := build(dir, true); len(got) != 4 || got["staging.profiles"] == first["staging.profiles"] {
		t.Fatal("the order does not depend on the time, so this test shows nothing", got)
	}
	second := build(dir, false)
	if _, ok := second["staging.profiles"]; !ok || len(second) != 1 {
		t.Errorf("built again in the same run: %v", second)
	}
	next, err := dir.Project().NewRun(now)
	if err != nil {
		t.Fatal(err)
	}
	if err := next.Mark("extract", run.Stage{Output: "landed"}); err != nil {
		t.Fatal(err)
	}
	sqltest.Land(t, next, sqltest.People(40))
	if diff := cmp.Diff(second, build(next, false)); diff != "" {
		t.Errorf("built again in the next run (-the run before +this one):\n%s", diff)
	}
	was, err := os.Stat(dir.Model("staging", "profiles"))
	if err != nil {
		t.Fatal(err)
	}
	is, err := os.Stat(next.Model("staging", "profiles"))
	if err != nil || !os.SameFile(was, is) {
		t.Error("the same rows lie there twice", err)
	}
	files["7_reports/people.sql"].Data = []byte(strings.Replace(texts[7], "by contact_key\n", "by contact_key desc\n", 1))
	if got := build(next, false); len(got) != 2 {
		t.Errorf("after another order was asked for, built: %v", got)
	}
	if people := contents(t, next)["reports.people.parquet"]; people[0] < people[1] {
		t.Errorf("another order was asked for, and the report still begins with %v", people[:2])
	}
}

// What finds no room is built by one thread in a DuckDB of its own, which sees all that the other one sees.
func TestOneThreadIsTheLastResort(t *testing.T) {
	ctx := context.Background()
	h := sqltest.NewHouse()
	dir := sqltest.NewRun(t)
	h.Land(t, dir)
	o := houseOptions(h)
	if _, err := Run(ctx, dir, o); err != nil {
		t.Fatal(err)
	}
	before := contents(t, dir)
	p, e := opened(t, dir, o)
	for _, table := range []string{"scores", "contacts"} {
		m := p.Find("engagement", table)
		if m == nil {
			m = p.Find("freshsales", table)
		}
		if err := os.Remove(dir.Model(m.Floor.Schema, m.Name)); err != nil {
			t.Fatal(err)
		}
		if err := e.byOneThread(ctx, m, o); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(before, contents(t, dir)); diff != "" {
		t.Errorf("(-built by several +built by one)\n%s", diff)
	}
}

// opened are the files of a run that is built, and an engine on its tables.
func opened(t *testing.T, dir run.Dir, o Options) (*model.Project, *Engine) {
	t.Helper()
	p, err := model.Parse(o.Room())
	if err != nil {
		t.Fatal(err)
	}
	e, err := Open(context.Background(), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	return p, e
}

func TestNothingGivesUpBeforeOneThreadHasTried(t *testing.T) {
	dir := sqltest.NewRun(t)
	sqltest.Land(t, dir, sqltest.People(2000))
	o := options(sqltest.Files("1_staging/profiles.sql", sqltest.Profiles,
		"2_matching/long.sql", "-- L.\n-- one row per profile_key\nselect profile_key, "+
			"len(list(email || repeat('x', 6000) || n)) as n from staging.profiles, range(8) as t(n) group by all\n"))
	o.MemoryLimit, o.Threads = "110MB", 2
	var told []string
	o.Events = func(e run.Event) {
		if e.Kind == run.Note {
			told = append(told, e.Text)
		}
	}
	_, err := Run(context.Background(), dir, o)
	if !foundNoRoom(err) {
		t.Fatal("it fitted, so this test shows nothing", err)
	}
	if len(told) != 1 || !strings.Contains(told[0], "built by one") {
		t.Errorf("told: %q", told)
	}
}

// DuckDB gives these two texts one hash; a table in which one took the place of the other is not the table it was.
func TestTextsOfOneHashAreNotTheSame(t *testing.T) {
	dir := sqltest.NewRun(t)
	e, err := Start(context.Background(), dir, options(sqltest.Files()))
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	var digests, quick, hashes []string
	for _, key := range []string{"campaign:41000005:245002", "campaign:41000095:245007"} {
		file := dir.Model("staging", key)
		if _, _, err := e.writeTemp(context.Background(), "select 1 as n", file); err != nil { // makes the folder
			t.Fatal(err)
		}
		if _, err := e.CopyTo(context.Background(), "select '"+key+"' as key", file, fileFormat); err != nil {
			t.Fatal(err)
		}
		d, err := e.contentOf(context.Background(), file, false)
		if err != nil {
			t.Fatal(err)
		}
		q, err := e.digestOf(context.Background(), Parquet(file), quickDigest)
		if err != nil {
			t.Fatal(err)
		}
		var hash string
		if err := e.One(context.Background(), "select hash('"+key+"')::varchar", &hash); err != nil {
			t.Fatal(err)
		}
		digests, quick, hashes = append(digests, d), append(quick, q), append(hashes, hash)
	}
	if hashes[0] != hashes[1] {
		t.Fatal("their hashes differ, so this test shows nothing")
	}
	if digests[0] == digests[1] || quick[0] == quick[1] {
		t.Error("their tables have one digest", digests, quick)
	}
}
