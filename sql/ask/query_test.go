package ask

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"ferry/sql/engine"
	"ferry/sql/sqltest"
)

// TestValuesAreShownAsTheyAre: no fraction, nought or column is lost on the way to a screen, and JSON is JSON.
func TestValuesAreShownAsTheyAre(t *testing.T) {
	dir, o := sqltest.NewRun(t), rules(sqltest.Small())
	if _, err := engine.Run(context.Background(), dir, o); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ query, text, json string }{
		{"select timestamptz '2026-01-02 03:04:05.25+00' as at", "2026-01-02 03:04:05.25+00",
			`"2026-01-02T03:04:05.25Z"`},
		{"select timestamp '2026-01-02 03:04:05' as at", "2026-01-02 03:04:05", `"2026-01-02T03:04:05"`},
		{"select date '2026-01-02' as day", "2026-01-02", `"2026-01-02"`},
		{"select 1.10::decimal(9, 2) as price", "1.10", `1.1`},
		{"select sum(n) as sums from range(4) as r(n)", "6", `6`},
		{"select 9007199254740993 as large", "9007199254740993", `9007199254740993`},
		{"select interval 3 days as wait", "3 days", `"3 days"`},
		{"select uuid '11111111-1111-1111-1111-111111111111' as id", "11111111-1111-1111-1111-111111111111",
			`"11111111-1111-1111-1111-111111111111"`},
		{"select {'a': 1} as pair", "{'a': 1}", `{"a":1}`},
		{"select [1, null] as list", "[1, NULL]", `[1,null]`},
		{`select '{"a": 1}'::json as object`, `{"a": 1}`, `{"a":1}`},
		{"select 'nan'::double as odd", "nan", `"nan"`},
		{"select ['nan'::double] as odd", "[nan]", `"[nan]"`},
		{"select 0.1::float as tenth", "0.1", `0.1`},
		{"select true as yes", "true", `true`},
		{"-- a comment\nselect null as nothing -- and one more", "", `null`},
	} {
		t.Run(c.query, func(t *testing.T) {
			got, err := Query(context.Background(), dir, c.query, o)
			if err != nil {
				t.Fatal(err)
			}
			text := ""
			if cell := got.Rows[0][0]; cell != nil {
				text = *cell
			}
			all, err := json.Marshal(got)
			if err != nil || text != c.text || !strings.Contains(string(all), `"`+got.Columns[0]+`":`+c.json) {
				t.Errorf("%q, %s, %v", text, all, err)
			}
		})
	}
	got, err := Query(context.Background(), dir, "select 1 as a, 2 as a", o)
	if all, _ := json.Marshal(got); err != nil || !strings.Contains(string(all), `"a":1,"a_1":2`) {
		t.Errorf("two columns of one name: %s, %v", all, err)
	}
	got, err = Query(context.Background(), dir, "explain analyze select 1", o)
	if err != nil || !strings.Contains(got.String(), "Total Time") {
		t.Errorf("explain analyze: %v\n%s", err, got)
	}
	for _, query := range []string{"update staging.profiles set email = null", "show tables", "drop view x"} {
		if _, err := Query(context.Background(), dir, query, o); err == nil ||
			!strings.Contains(err.Error(), "a query is one SELECT") {
			t.Errorf("%s: %v", query, err)
		}
	}
	var out strings.Builder
	if _, err := Export(context.Background(), dir, "select 'nan'::double as odd", "json", &out, o); err != nil ||
		!json.Valid([]byte(out.String())) {
		t.Errorf("a file of JSON: %v\n%s", err, out.String())
	}
}

// TestARunIsAskedWhateverTheFilesSay: of a run that is built, a mistake in a file hides nothing, and a file that is
// gone leaves its table to the runs that have it.
func TestARunIsAskedWhateverTheFilesSay(t *testing.T) {
	ctx, dir, o := context.Background(), sqltest.NewRun(t), rules(sqltest.Small())
	build := func() {
		t.Helper()
		if _, err := engine.Run(ctx, dir, o); err != nil {
			t.Fatal(err)
		}
	}
	const own = "select count(*) from staging.own"
	o.Analyst = sqltest.Files("1_staging/own.sql", sqltest.Profiles)
	build()
	o.Analyst = sqltest.Files("1_staging/own.sql", "selct 1\n")
	if _, err := Query(ctx, dir, own, o); err != nil {
		t.Errorf("while the file has a mistake: %v", err)
	}
	o.Analyst = nil
	if _, err := Query(ctx, dir, own, o); err != nil {
		t.Errorf("after the file is gone: %v", err)
	}
	build()
	if _, err := Query(ctx, dir, own, o); err == nil {
		t.Error("a table that no rule gives any more is still there after a transform")
	}
}
