package engine

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ferry/internal/run"
	"ferry/sql/model"
	"ferry/sql/sqltest"
	"ferry/sql/story"
)

// Every mistake an analyst can make is told with its place, the line itself, a suggestion and what
// to type next.
func TestMistakesAreToldWithPlaceAndSuggestion(t *testing.T) {
	cases := []struct {
		name   string
		yours  []string
		fields []model.EntityFields
		want   string
	}{
		{"misspelt column", []string{"2_matching/people.sql",
			"-- People.\n-- one row per profile_key\nselect\n  profile_key,\n  lower(emial) as email,\nfrom staging.profiles\n"},
			nil, `
sql/2_matching/people.sql:5   (yours)
    there is no column "emial" in staging.profiles. Did you mean "email"?
    5 |   lower(emial) as email,
    try: ferry sql test --only matching.people`},
		{"misspelt column behind an alias", []string{"2_matching/people.sql",
			"-- People.\n-- one row per profile_key\nselect p.profile_kee as profile_key from staging.profiles as p\n"}, nil, `
sql/2_matching/people.sql:3   (yours)
    there is no column "profile_kee" in staging.profiles. Did you mean "profile_key"?
    3 | select p.profile_kee as profile_key from staging.profiles as p
    try: ferry sql test --only matching.people`},
		{"misspelt column of the first of two tables", []string{"2_matching/people.sql",
			"-- People.\n-- one row per profile_key\nselect p.profile_kee as profile_key from staging.profiles as p\n" +
				"inner join staging.others as o on o.profile_key = p.profile_key\n", "1_staging/others.sql",
			"-- Others.\n-- one row per profile_key\nselect profile_id as profile_key from landed.user_profiles\n"}, nil, `
sql/2_matching/people.sql:3   (yours)
    there is no column "profile_kee" in staging.profiles. Did you mean "profile_key"?
    3 | select p.profile_kee as profile_key from staging.profiles as p
    try: ferry sql test --only matching.people`},
		{"column that exists elsewhere", []string{"2_matching/people.sql",
			"-- People.\n-- one row per profile_key\nwith a as (select profile_key from staging.profiles)\nselect " +
				"profile_key, email from a\n"}, nil, `
sql/2_matching/people.sql:4   (yours)
    there is no column "email" here; it is in staging.profiles, which this part of the file does not read
    4 | select profile_key, email from a
    try: ferry sql test --only matching.people`},
		{"unknown table", []string{"2_matching/people.sql",
			"-- People.\n-- one row per profile_key\nselect profile_key from staging.profile\n"}, nil, `
sql/2_matching/people.sql:3   (yours)
    there is no table staging.profile. Did you mean "staging.profiles"?
    3 | select profile_key from staging.profile
    try: ferry sql test --only matching.people`},
		{"table without schema", []string{"2_matching/people.sql",
			"-- People.\n-- one row per profile_key\nselect profile_key from profiles\n"}, nil, `
sql/2_matching/people.sql:3   (yours)
    there is no table "profiles". A table is written with its schema: "staging.profiles"
    3 | select profile_key from profiles
    try: ferry sql test --only matching.people`},
		{"unknown alias", []string{"2_matching/people.sql",
			"-- People.\n-- one row per profile_key\nselect pp.profile_key from staging.profiles as p\n"}, nil, `
sql/2_matching/people.sql:3   (yours)
    nothing here is called "pp". Did you mean "p"?
    3 | select pp.profile_key from staging.profiles as p
    try: ferry sql test --only matching.people`},
		{"unknown function", []string{"2_matching/people.sql",
			"-- People.\n-- one row per profile_key\nselect lowr(profile_key) as profile_key from staging.profiles\n"}, nil, `
sql/2_matching/people.sql:3   (yours)
    there is no scalar function "lowr". Did you mean "lower"?
    3 | select lowr(profile_key) as profile_key from staging.profiles
    try: ferry sql test --only matching.people`},
		{"wrong types", []string{"2_matching/people.sql",
			"-- People.\n-- one row per profile_key\nselect profile_key, sum(email) as s from staging.profiles group by all\n"},
			nil, `
sql/2_matching/people.sql:3   (yours)
    No function matches the given name and argument types 'sum(VARCHAR)'. You might need to add explicit type casts.
    3 | select profile_key, sum(email) as s from staging.profiles group by all
    try: ferry sql test --only matching.people`},
		{"syntax", []string{"2_matching/people.sql",
			"-- People.\n-- one row per profile_key\nselect profile_key,\nfrom staging.profiles\nwhere where email is null\n"},
			nil, `
sql/2_matching/people.sql:5   (yours)
    syntax error at or near "where"
    5 | where where email is null
    try: ferry sql test --only matching.people`},
		{"cut short", []string{"2_matching/people.sql",
			"-- People.\n-- one row per profile_key\nselect (profile_key\nfrom staging.profiles\n\n"}, nil, `
sql/2_matching/people.sql:4   (yours)
    syntax error at or near "from"
    4 | from staging.profiles
    try: ferry sql test --only matching.people`},
		{"two statements", []string{"2_matching/people.sql",
			"-- People.\n-- one row per profile_key\nselect profile_key from staging.profiles;\nselect 2 as profile_key\n"}, nil,
			`
sql/2_matching/people.sql:4   (yours)
    a model is one SELECT; here a second statement begins
    4 | select 2 as profile_key
    try: ferry sql test --only matching.people`},
		{"not a select", []string{"2_matching/people.sql",
			"-- People.\n-- one row per profile_key\ncreate table staging.x as select 1 as profile_key\n"}, nil, `
sql/2_matching/people.sql:3   (yours)
    a model is one SELECT. Leave CREATE … AS away and keep its SELECT; the file's name is the table's
    3 | create table staging.x as select 1 as profile_key
    try: ferry sql test --only matching.people`},
		{"looks upward", []string{"1_staging/extra.sql",
			"-- Extra.\n-- one row per profile_key\nselect profile_key from matching.people\n", "2_matching/people.sql",
			"-- People.\n-- one row per profile_key\nselect profile_key from staging.profiles\n"}, nil, `
sql/1_staging/extra.sql:3   (yours)
    a file in 1_staging may read its own floor or below; matching.people is on floor 2, in sql/2_matching/people.sql
    3 | select profile_key from matching.people
    try: ferry sql test --only staging.extra`},
		{"landed above staging", []string{"2_matching/people.sql",
			"-- People.\n-- one row per profile_key\nselect profile_id as profile_key from landed.user_profiles\n"}, nil, `
sql/2_matching/people.sql:3   (yours)
    only files in 1_staging read landed tables; read the staging table made of landed.user_profiles
    3 | select profile_id as profile_key from landed.user_profiles
    try: ferry sql test --only matching.people`},
		{"circle", []string{"2_matching/a.sql", "-- A.\n-- one row per k\nselect k from matching.b\n", "2_matching/b.sql",
			"-- B.\n-- one row per k\nselect k from matching.a\n"}, nil, `
sql/2_matching/a.sql   (yours)
    these files read each other in a circle: sql/2_matching/a.sql:3 reads matching.b; sql/2_matching/b.sql:3 reads matching.a
    try: move what both need into a third file that reads neither`},
		{"unknown statement", []string{"6_checks/c.sql", strings.Replace(sqltest.Check, "severity", "severty", 1)}, nil, `
sql/6_checks/c.sql:2   (yours)
    unknown statement "severty". Did you mean "severity"?
    2 | -- severty: hold
    try: ferry sql test --only checks.c`},
		{"unknown severity", []string{"6_checks/c.sql", strings.Replace(sqltest.Check, "hold", "halt", 1)}, nil, `
sql/6_checks/c.sql:2   (yours)
    unknown severity "halt"; it is one of stop, hold, note. Did you mean "hold"?
    2 | -- severity: halt
    try: ferry sql test --only checks.c`},
		{"unknown decision", []string{"6_checks/c.sql",
			strings.Replace(sqltest.Check, "-- fix", "-- decisions: clean acept\n-- fix", 1)}, nil, `
sql/6_checks/c.sql:3   (yours)
    unknown decision "acept"; they are clean, delete, accept, merge, apart. Did you mean "accept"?
    3 | -- decisions: clean acept
    try: ferry sql test --only checks.c`},
		{"check without severity", []string{"6_checks/c.sql",
			strings.Replace(sqltest.Check, "-- severity: hold\n", "", 1)}, nil,
			`
sql/6_checks/c.sql:1   (yours)
    a check says how serious it is: "-- severity: stop", "hold" or "note"
    1 | -- No e-mail.
    try: ferry sql test --only checks.c`},
		{"check without a column", []string{"6_checks/c.sql",
			strings.Replace(sqltest.Check, "as suggestion", "as sugestion", 1)},
			nil, `
sql/6_checks/c.sql:4   (yours)
    a check gives the columns entity, key, field, value, reason, suggestion; "suggestion" is missing. Did you mean "sugestion"?
    4 | select 'contacts' as entity, profile_key as key, 'email' as field, null as value, 'none' as reason, null as sugestion
    try: ferry sql test --only checks.c`},
		{"no grain", []string{"2_matching/people.sql", "-- People.\nselect profile_key from staging.profiles\n"}, nil, `
sql/2_matching/people.sql:1   (yours)
    the model does not say what one row is: add a line like "-- one row per contact_key"
    1 | -- People.
    try: ferry sql test --only matching.people`},
		{"grain that is no column", []string{"2_matching/people.sql",
			"-- People.\n-- one row per profile_kee\nselect profile_key from staging.profiles\n"}, nil, `
sql/2_matching/people.sql:2   (yours)
    one row per profile_kee, but there is no column "profile_kee". Did you mean "profile_key"?
    2 | -- one row per profile_kee
    try: ferry sql test --only matching.people`},
		{"severity on a model", []string{"2_matching/people.sql",
			"-- People.\n-- one row per profile_key\n-- severity: hold\nselect profile_key from staging.profiles\n"}, nil, `
sql/2_matching/people.sql:1   (yours)
    "severity", "fix", "engineer", "one_act" and "decisions" belong to checks, in 6_checks
    1 | -- People.
    try: ferry sql test --only matching.people`},
		{"unknown folder", []string{"2_maching/people.sql", "select 1"}, nil, `
sql/2_maching   (yours)
    unknown folder. Did you mean "2_matching"? The floors are 0_settings, 1_staging, 2_matching, 3_mapping, 4_engagement, 5_freshsales, 6_checks, 7_reports, and stories for your stories.
    try: ferry sql list`},
		{"folder in a floor", []string{"2_matching/old/people.sql", "select 1"}, nil, `
sql/2_matching/old   (yours)
    a floor has no folders inside
    try: move the files up into sql/2_matching`},
		{"wrong ending", []string{"2_matching/people.sql.txt", "select 1"}, nil, `
sql/2_matching/people.sql.txt   (yours)
    files in 2_matching end in .sql
    try: rename it, or move it out of sql/`},
		{"wrong name", []string{"2_matching/People List.sql", "select 1"}, nil, `
sql/2_matching/People List.sql   (yours)
    a table is named in lower case letters, digits and underscores, and so is its file
    try: rename it`},
		{"empty file", []string{"2_matching/people.sql", " \n"}, nil, `
sql/2_matching/people.sql   (yours)
    the file is empty
    try: write one SELECT into it, or delete it`},
		{"off that is no check", []string{"1_staging/profiles.sql", "-- off: not needed\n"}, nil, `
sql/1_staging/profiles.sql:1   (yours)
    only a check can be switched off; to leave a model out, replace it by a SELECT that gives no rows
    1 | -- off: not needed
    try: ferry sql test --only staging.profiles`},
		{"off for nothing", []string{"6_checks/no_emails.sql", "-- off: we have none\n"}, nil, `
sql/6_checks/no_emails.sql:1   (yours)
    there is no check checks.no_emails to switch off. Did you mean "checks.no_email"?
    1 | -- off: we have none
    try: ferry sql test --only checks.no_emails`},
		{"engine's own name", []string{"6_checks/findings.sql", sqltest.Check}, nil, `
sql/6_checks/findings.sql   (yours)
    checks.findings is made by ferry itself; choose another name
    try: ferry sql test --only checks.findings`},
		{"clock", []string{"2_matching/people.sql",
			"-- People.\n-- one row per profile_key\nselect profile_key, now() as at from staging.profiles\n"}, nil, `
sql/2_matching/people.sql:3   (yours)
    a model gives the same rows whenever it runs; the time of the run is in settings.run: (select value::timestamptz from settings.run where name = 'run_at')
    3 | select profile_key, now() as at from staging.profiles
    try: ferry sql test --only matching.people`},
		{"parameter", []string{"2_matching/people.sql",
			"-- People.\n-- one row per profile_key\nselect profile_key from staging.profiles where email = $1\n"}, nil, `
sql/2_matching/people.sql:3   (yours)
    a SELECT has no parameters here; what may change is a row of settings.options
    3 | select profile_key from staging.profiles where email = $1
    try: ferry sql test --only matching.people`},
		{"view that others read", []string{"5_freshsales/contacts.sql",
			"-- C.\n-- one row per contact_key\n-- view\nselect profile_key as contact_key from staging.profiles\n"}, nil, `
sql/5_freshsales/contacts.sql:1   (yours)
    files in 5_freshsales are read by other stages and in workbooks: a view is not enough
    1 | -- C.
    try: ferry sql test --only freshsales.contacts`},
		{"type that cannot be sent", []string{"5_freshsales/contacts.sql",
			"-- C.\n-- one row per contact_key\nselect\n  profile_key as contact_key,\n  length(email)::integer as " +
				"cf_length,\nfrom staging.profiles\n"}, nil, `
sql/5_freshsales/contacts.sql:5   (yours)
    column cf_length is integer, which cannot be sent; cast it to bigint. Types that can: varchar, boolean, bigint, double, date, timestamptz, varchar[]
    5 |   length(email)::integer as cf_length,
    try: ferry sql test --only freshsales.contacts`},
		{"attribute Freshsales does not know",
			[]string{"5_freshsales/contacts.sql",
				"-- C.\n-- one row per contact_key\nselect\n  profile_key as contact_key,\n  email as emails,\n  email as " +
					"cf_mine\nfrom staging.profiles\n"},
			[]model.EntityFields{{Entity: "contacts", Key: "contact_key", Columns: []string{"email", "first_name"}}}, `
sql/5_freshsales/contacts.sql:5   (yours)
    Freshsales knows no attribute "emails" of contacts. Did you mean "email"? A field of your own begins with cf_
    5 |   email as emails,
    try: ferry sql test --only freshsales.contacts`},
		{"entity Freshsales does not know", []string{"5_freshsales/contcts.sql",
			"-- C.\n-- one row per contact_key\nselect profile_key as contact_key from staging.profiles\n"},
			[]model.EntityFields{{Entity: "contacts", Key: "contact_key", Columns: []string{"email"}}}, `
sql/5_freshsales/contcts.sql:3   (yours)
    Freshsales has no contcts. Did you mean "contacts"? What is sent: contacts
    3 | select profile_key as contact_key from staging.profiles
    try: ferry sql test --only freshsales.contcts`},
		{"grain Freshsales does not have", []string{"5_freshsales/contacts.sql",
			"-- C.\n-- one row per email\nselect profile_key as contact_key, email from staging.profiles\n"},
			[]model.EntityFields{{Entity: "contacts", Key: "contact_key", Columns: []string{"email"}}}, `
sql/5_freshsales/contacts.sql:2   (yours)
    freshsales.contacts has one row per contact_key, not per email
    2 | -- one row per email
    try: ferry sql test --only freshsales.contacts`},
		{"column twice", []string{"2_matching/people.sql",
			"-- People.\n-- one row per profile_key\nselect profile_key, email,\n  1 as email from staging.profiles\n"}, nil, `
sql/2_matching/people.sql:4   (yours)
    column "email" is there twice
    4 |   1 as email from staging.profiles
    try: ferry sql test --only matching.people`},
		{"parts misspelt", []string{"2_matching/people.sql",
			"-- People.\n-- one row per profile_key\n-- parts: many\nselect profile_key from staging.profiles\n"}, nil, `
sql/2_matching/people.sql:3   (yours)
    "parts" is written like "parts: by profile_key" or "parts: 16 by profile_key", not "many"
    3 | -- parts: many
    try: ferry sql test --only matching.people`},
		{"open pivot", []string{"2_matching/people.sql",
			"-- People.\n-- one row per profile_key\npivot staging.profiles on email using count(*)\n"}, nil, `
sql/2_matching/people.sql:3   (yours)
    a PIVOT in a model lists the values it makes columns of: pivot … on x in ('a', 'b')
    3 | pivot staging.profiles on email using count(*)
    try: ferry sql test --only matching.people`},
		{"list with a column twice", []string{"0_settings/owners.csv", "name,name\n1,2\n"}, nil, `
sql/0_settings/owners.csv:1   (yours)
    column "name" is there twice
    1 | name,name
    try: ferry sql test --only settings.owners`},
	}
	shipped := sqltest.Files("1_staging/profiles.sql", sqltest.Profiles, "6_checks/no_email.sql", sqltest.Check)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			o := options(shipped)
			o.Analyst, o.Fields = sqltest.Files(c.yours...), c.fields
			err := Check(context.Background(), o, "")
			if err == nil {
				t.Fatal("nothing was said")
			}
			if diff := cmp.Diff(strings.TrimPrefix(c.want, "\n"), err.Error()); diff != "" {
				t.Error(diff)
			}
			var p *run.Problem
			if !errors.As(err, &p) {
				t.Errorf("%T is not a Problem", err)
			}
		})
	}
}

// All mistakes are told at once, and what only follows from another is not.
func TestSeveralMistakesAreToldTogether(t *testing.T) {
	o := options(sqltest.Files(
		"1_staging/profiles.sql", strings.Replace(sqltest.Profiles, "email)", "emial)", 1),
		"2_matching/people.sql", "-- P.\n-- one row per profile_key\nselect profile_key, emial from staging.profiles\n",
		"2_matching/other.sql", "-- P.\n-- one row per event_key\nselect 1 as event_kee\n",
	))
	_, err := Run(context.Background(), sqltest.NewRun(t), o)
	if err == nil {
		t.Fatal("nothing was said")
	}
	text := err.Error()
	for _, want := range []string{"sql/1_staging/profiles.sql:3", "sql/2_matching/other.sql:2"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if strings.Contains(text, "people.sql") {
		t.Errorf("a mistake that only follows is told:\n%s", text)
	}
}

// What goes wrong over rows is told at its line and without the rows.
func TestMistakesInRowsAreToldWithoutTheRows(t *testing.T) {
	given := map[string]story.Table{"landed.user_profiles": sqltest.Rows("profile_id,email",
		[]string{"4711", "secret@example.com"}, []string{"4711", "secret@example.com"}, []string{"", "x"})}
	for _, c := range []struct{ name, sql, want string }{
		{"cast", "-- P.\n-- one row per k\nselect row_number() over () as k,\n  email::integer as n\nfrom staging.profiles\n",
			`sql/2_matching/people.sql:4   (yours)
    Could not convert string '…' to INT32 when casting from source column email. With try_cast such a value becomes null; let a check tell it
    4 |   email::integer as n
    try: ferry sql test --only matching.people`},
		{"time", "-- P.\n-- one row per k\nselect row_number() over () as k, strptime(email, '%Y') as n " +
			"from staging.profiles\n", `sql/2_matching/people.sql   (yours)
    Could not parse string "…" according to format specifier "%Y"
    try: ferry sql test --only matching.people`},
		{"null key", "-- P.\n-- one row per k\nselect k from (select distinct profile_key as k from staging.profiles)\n",
			`sql/2_matching/people.sql:2   (yours)
    one row per k is promised, but 1 of 2 rows have none
    2 | -- one row per k
    try: ferry sql query "select * from matching.people where k is null"`},
		{"key twice", "-- P.\n-- one row per k, n\nselect coalesce(profile_key, '0') as k, 1 as n from staging.profiles\n",
			`sql/2_matching/people.sql:2   (yours)
    one row per k, n is promised, but 3 rows have only 2 different ones
    2 | -- one row per k, n
    try: ferry sql query "select k, n, count(*) from matching.people group by all having count(*) > 1"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := options(sqltest.Files("1_staging/profiles.sql",
				"-- P.\n-- one row per n\nselect row_number() over () as n, profile_id as profile_key, email "+
					"from landed.user_profiles\n"))
			o.Analyst = sqltest.Files("2_matching/people.sql", c.sql)
			dir := sqltest.NewRun(t)
			sqltest.Land(t, dir, given)
			_, err := Run(context.Background(), dir, o)
			if err == nil {
				t.Fatal("nothing was said")
			}
			if diff := cmp.Diff(c.want, err.Error()); diff != "" {
				t.Error(diff)
			}
			if _, err := dir.Done(stage, ""); err == nil {
				t.Error("the run is marked all the same")
			}
		})
	}
}
