package engine

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"ferry/sql/model"
	"ferry/sql/sqltest"
)

// TestMistakesOfHabit: what people bring along from other tools, editors and spreadsheets is told at its line.
func TestMistakesOfHabit(t *testing.T) {
	const head = "-- P.\n-- one row per profile_key\n"
	for _, c := range []struct {
		name, text string
		line       string
		want       string
	}{
		{"a schema there is none", "select profile_key from stagin.profiles\n",
			":3", `there is no schema "stagin". Did you mean "staging"?`},
		{"a schema of another tool", "select a.profile_key from staging.profiles as a\n" +
			"join crm.contacts as c using (profile_key)\n",
			":4",
			`there is no schema "crm". Tables are in landed, loaded, settings`},
		{"a step named like a floor", "with matching as (\n  select profile_key from staging.profiles\n)\n" +
			"select profile_key from matching\n",
			":3",
			`"matching" is a floor, so no step and no alias can be called that`},
		{"a second step named like a floor", "with a as (select 1 as x),\n" +
			"mapping as (select 2 as x)\nselect profile_key from staging.profiles\n",
			":4",
			`"mapping" is a floor`},
		{"an alias named like a floor", "select profile_key\nfrom staging.profiles as staging\n",
			":4", `"staging" is a floor`},
		{"an alias without as", "select profile_key\nfrom staging.profiles checks\n", ":4", `"checks" is a floor`},
		{"a template", "select profile_key from {{ ref('profiles') }}\n",
			":3", "ferry has no templates; a parameter is a row in settings"},
		{"a template's block", "{% set x = 1 %}\nselect profile_key from staging.profiles\n",
			":3", "ferry has no templates"},
		{"copy to", "copy (select profile_key from staging.profiles) to 'x.parquet'\n",
			":3", "Leave COPY … TO away and keep its SELECT"},
		{"create table", "create table x as\nselect profile_key from staging.profiles\n", ":3", "Leave CREATE … AS away"},
		{"a file that is read", "select profile_key from read_csv('x.csv')\n",
			":3", "A list of your own is a CSV file in sql/0_settings"},
		{"latin-1", "select profile_key, 'M\xfcnchen' as city\nfrom staging.profiles\n",
			":3", "not UTF-8; it looks like Latin-1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := options(sqltest.Files("1_staging/profiles.sql", sqltest.Profiles))
			o.Analyst = sqltest.Files("2_matching/people.sql", head+c.text)
			err := Check(context.Background(), o, "")
			if err == nil || !strings.Contains(err.Error(), "sql/2_matching/people.sql"+c.line+"   (yours)") ||
				!strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v\nwant line %s, saying %s", err, c.line, c.want)
			}
		})
	}
}

// What looks like one of these mistakes and is none is let through.
func TestHabitsThatAreNoMistakes(t *testing.T) {
	for _, text := range []string{
		"select p.profile_key from staging.profiles as p where p.email is distinct from p.profile_key\n",
		"select profile_key, extract(year from p.at) as checks from " +
			"(select profile_key, date '2026-01-01' as at from staging.profiles) as p\n",
		"select profile_key, '{{ }}' as braces, {'a': {'b': 1}}::varchar as nested from staging.profiles\n",
		"with p as (select * from staging.profiles) select p.profile_key from p join p as q using (profile_key)\n",
	} {
		o := options(sqltest.Files("1_staging/profiles.sql", sqltest.Profiles))
		o.Analyst = sqltest.Files("2_matching/people.sql", "-- P.\n-- one row per profile_key\n"+text)
		if err := Check(context.Background(), o, ""); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestFilesOfAnotherEncodingAreNamed(t *testing.T) {
	utf16 := "\xff\xfe-\x00-\x00 \x00P\x00"
	o := options(sqltest.Files("1_staging/profiles.sql", sqltest.Profiles))
	o.Analyst = sqltest.Files("2_matching/people.sql", utf16)
	err := Check(context.Background(), o, "")
	if err == nil || !strings.Contains(err.Error(), "people.sql:1   (yours)\n    this file is UTF-16") {
		t.Error(err)
	}
}

// What was shipped has been rehearsed; only what can give a table other columns is rehearsed again before a run.
func TestWhatChangesNoColumnIsNotRehearsed(t *testing.T) {
	const list = "name,value\nx,2\n"
	const fields = "entity,field,label,takes_attributes,cleaner,filled_by\n" +
		"contacts,city,City,true,text,list\naccounts,state,State,true,text,list\n"
	for _, c := range []struct {
		name, yours string
		ours        bool
	}{
		{"", "", true},
		{"0_settings/options.csv", list, true},
		{"0_settings/standard_fields.csv", fields, false},
		{"1_staging/profiles.sql", sqltest.Profiles, false},
		{"6_checks/more.sql", sqltest.Check, false},
	} {
		t.Run("yours "+c.name, func(t *testing.T) {
			shipped := sqltest.Small()
			shipped["0_settings/standard_fields.csv"] = &fstest.MapFile{Data: []byte(fields)}
			o := options(shipped)
			o.Rehearsed = true
			if c.name != "" {
				o.Analyst = sqltest.Files(c.name, c.yours)
			}
			p, err := model.Parse(o.Room())
			if err != nil {
				t.Fatal(err)
			}
			if o.onlyOurs(p) != c.ours {
				t.Errorf("it is rehearsed: %v", c.ours)
			}
		})
	}
}

// TestAFileInThePlaceOfOursIsBlamed: what it gives otherwise is told of it, not of the file of ours above it.
func TestAFileInThePlaceOfOursIsBlamed(t *testing.T) {
	for _, c := range []struct{ name, path, text, want string }{
		{"a column is gone", "1_staging/profiles.sql",
			"-- P.\n-- one row per profile_key\nselect profile_id as profile_key from landed.user_profiles\n",
			"sql/1_staging/profiles.sql:3   (yours)\n    freshsales.contacts stands on this file and " +
				"cannot be built: other than in ours, here email is gone"},
		{"a column is sent as another type", "5_freshsales/contacts.sql",
			"-- C.\n-- one row per contact_key\nselect profile_key as contact_key,\n  1::bigint as email\n" +
				"from staging.profiles\n",
			"sql/5_freshsales/contacts.sql:4   (yours)\n    column email is bigint, and Freshsales takes it as " +
				"varchar: cast it"},
		{"a column more is none", "5_freshsales/contacts.sql",
			"-- C.\n-- one row per contact_key\nselect profile_key as contact_key, email, 1::bigint as cf_n\n" +
				"from staging.profiles\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := options(sqltest.Small())
			o.Analyst = sqltest.Files(c.path, c.text)
			err := Check(context.Background(), o, "")
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v", err)
			}
		})
	}
}
