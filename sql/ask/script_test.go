package ask

import (
	"context"
	stdsql "database/sql"
	"strings"
	"testing"

	"ferry/sql/engine"
	"ferry/sql/sqltest"
	"ferry/sql/story"
)

// A script is run by a DuckDB that knows nothing of ferry, and gives the rows that ferry has.
func TestAScriptRunsAtABareDuckDB(t *testing.T) {
	dir, o := sqltest.NewRun(t), rules(sqltest.Small())
	sqltest.Land(t, dir, map[string]story.Table{"landed.user_profiles": sqltest.Rows("profile_id,email",
		[]string{"1", "A@X.COM"}, []string{"2", ""})})
	if _, err := engine.Run(context.Background(), dir, o); err != nil {
		t.Fatal(err)
	}
	for table, want := range map[string]string{"freshsales.contacts": "1 a@x.com,2 ", "reports.counts": "no_email 1"} {
		script, err := Script(context.Background(), &dir, table, o)
		if err != nil {
			t.Fatal(err)
		}
		db, err := stdsql.Open("duckdb", "")
		if err != nil {
			t.Fatal(err)
		}
		db.SetMaxOpenConns(1)
		script = strings.ReplaceAll(script, "'landed/", "'"+dir.Root()+"/landed/")
		if _, err := db.Exec(script); err != nil {
			t.Fatalf("%v\n%s", err, script)
		}
		var got string
		row := map[string]string{"freshsales.contacts": "contact_key || ' ' || coalesce(email, '')",
			"reports.counts": "rule || ' ' || findings"}[table]
		err = db.QueryRow("select string_agg(" + row + ", ',' order by " + row + ") from " + table).Scan(&got)
		if err != nil || got != want {
			t.Errorf("%s: %q, %v", table, got, err)
		}
		_ = db.Close()
	}
}

func TestAScriptNeedsARunForWordsInGo(t *testing.T) {
	o := rules(sqltest.Files("1_staging/phones.sql", "-- P.\n-- one row per phone\n"+
		"select clean_phone(email, 'IE').number as phone from landed.user_profiles\n",
		"2_matching/people.sql", "-- M.\n-- one row per phone\nselect phone from staging.phones\n"))
	_, err := Script(context.Background(), nil, "matching.people", o)
	if err == nil || !strings.Contains(err.Error(), "a bare DuckDB takes its rows from a run") {
		t.Error(err)
	}
	_, err = Script(context.Background(), nil, "matching.poeple", o)
	if err == nil || !strings.Contains(err.Error(), `Did you mean "matching.people"?`) {
		t.Error(err)
	}
}
