package main

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"ferry/internal/run"
	"ferry/sql"
)

func (v *verbs) trace() *cli.Command {
	return v.command(verb{
		name: "trace", usage: "one person: rows → person → fields → calls", arguments: "KEY",
		description: "KEY is a profile id, user id, contact key, e-mail address, telephone number, the id of the contact in " +
			"Freshsales,\nor a full name. Prints every source row of the person, whom it was merged with and why, the values " +
			"that lost, what\nwill be or was sent, what a check says, and what became of it. Personal data is printed: it is " +
			"what you asked for.",
		flags: []cli.Flag{runFlag, targetFlag},
		do: func(s *session) error {
			args, err := arguments(s.flags, "KEY")
			if err != nil {
				return err
			}
			dir, err := s.chosenRun()
			if err != nil {
				return err
			}
			if _, err := dir.Done("transform", "ferry transform"); err != nil {
				return err
			}
			return s.doTrace(dir, args[0])
		},
	})
}

// mergedFields are those of which one value survives when profiles become one person.
const mergedFields = "email, mobile_number, whatsapp_number, first_name, last_name, language, timezone, country, " +
	"company_name, lifecycle_stage"

// A part of the trace is one question to the run; {keys} are the profiles of the person.
var traceParts = []struct{ title, query string }{
	{"source rows",
		`select source_file, source_record, profile_key, fate from staging.profile_records where profile_key in ({keys}) order by all`},
	{"person",
		`select profile_key, person_key, probability, evidence, decided_by from matching.people where profile_key in ({keys}) order by all`},
	{"values left behind by merging", `
select kept.field, lost.value as left_behind, lost.profile_key as of_profile, kept.value as kept, kept.profile_key as from_profile, kept.rule
from matching.survivors as kept
inner join (
    unpivot (select profile_key, ` + mergedFields + ` from staging.profiles where profile_key in ({keys}))
    on ` + mergedFields + ` into name field value value
) as lost on lost.field = kept.field and lost.value <> kept.value
where kept.person_key in ({keys})
order by all`},
	{"fate",
		`select entity, key, fate, reason, target_key from reports.fates where entity = 'user_profiles' and (key in ({keys}) or target_key in ({keys})) order by all`},
	{"what is sent",
		`select name as field, value from (unpivot (select columns(*)::varchar from freshsales.contacts where contact_key in ({keys})) on columns(*)) where value is not null`},
	{"what checks say",
		`select rule, severity, field, value, reason, decision, is_held from checks.findings where key in ({keys}) order by all`},
	{"activity",
		`select entity, fate, reason, count(*) as records from engagement.activity_records where profile_key in ({keys}) group by all order by all`},
	{"plan", `select action, reason, target_id, changes from loaded.plan where entity = 'contacts' and key in ({keys})`},
	{"outcome",
		`select outcome, reason, target_id, calls, "at" from loaded.outcomes where entity = 'contacts' and key in ({keys})`},
	{"read back",
		`select class, field, sent, found from loaded.readback where entity = 'contacts' and key in ({keys}) order by all`},
}

// tracePeople finds people by what somebody has at hand. What is meant exactly comes first: a key or an address, then
// a telephone number, the id that Freshsales gave, and the name.
const tracePeople = `
with found as (
    select people.person_key, 1 as place
    from matching.people as people
    inner join staging.profile_records as records on records.profile_key = people.profile_key
    where people.profile_key = {key} or people.person_key = {key}
        or records.user_id = {key} or lower(records.email_raw) = lower({key})
    union
    select people.person_key, 2 as place
    from matching.people as people
    inner join staging.profile_records as records on records.profile_key = people.profile_key
    left join matching.golden as golden on golden.person_key = people.person_key
    where length(digits_of({key})) >= 7
        and (
            digits_of({key}) = digits_of(records.mobile_raw)
            -- 085 172 8398 is +353851728398
            or ends_with(digits_of(golden.mobile_number), ltrim(digits_of({key}), '0'))
            or ends_with(digits_of(golden.whatsapp_number), ltrim(digits_of({key}), '0'))
        )
    union
    select key as person_key, 3 as place from loaded.outcomes where entity = 'contacts' and target_id = {key}
    union
    select key as person_key, 3 as place from loaded.plan where entity = 'contacts' and target_id = {key}
    union
    select person_key, 4 as place
    from matching.golden
    where lower(strip_accents(concat_ws(' ', first_name, last_name))) = lower(strip_accents(trim({key})))
        or lower(strip_accents(concat_ws(', ', last_name, first_name))) = lower(strip_accents(trim({key})))
)
select distinct members.profile_key, members.person_key
from matching.people as members
where members.person_key in (select person_key from found where place = (select min(place) from found))
order by all`

// traceSeveral shows whom a name or a number may mean.
const traceSeveral = `
select person_key as key, first_name, last_name, email, mobile_number, member_count as profiles
from matching.golden where person_key in ({keys}) order by all`

func (s *session) doTrace(dir run.Dir, key string) error {
	questions, err := s.ask(dir)
	if err != nil {
		return err
	}
	defer questions.Close()
	keys, several, err := s.profilesOf(dir, questions, key)
	if err != nil {
		return err
	}
	if len(several.Rows) > 0 {
		return s.result(several, several.String()+"\nseveral people are called so; next: ferry trace KEY\n")
	}
	for i := range keys {
		keys[i] = quoted(keys[i])
	}
	found := map[string]sql.Table{}
	text := ""
	for _, p := range traceParts {
		t, err := questions.Ask(s.ctx, strings.ReplaceAll(p.query, "{keys}", strings.Join(keys, ", ")))
		if err != nil {
			return err
		}
		found[p.title] = t
		if len(t.Rows) > 0 {
			text += fmt.Sprintf("\n%s\n%s", p.title, t)
		}
	}
	return s.result(found, text)
}

// ask opens a run for questions.
func (s *session) ask(dir run.Dir) (*sql.Questions, error) {
	o, err := s.sqlOf(dir)
	if err != nil {
		return nil, err
	}
	return sql.Ask(s.ctx, dir, o)
}

// profilesOf finds the profiles of whoever is meant by a key, or the several people that may be.
func (s *session) profilesOf(dir run.Dir, q *sql.Questions, key string) (keys []string, several sql.Table, err error) {
	people, err := q.Ask(s.ctx, strings.ReplaceAll(tracePeople, "{key}", quoted(key)))
	if err != nil {
		return nil, sql.Table{}, err
	}
	if tidy := pasted(key); len(people.Rows) == 0 && tidy != key {
		return s.profilesOf(dir, q, tidy)
	}
	if len(people.Rows) == 0 {
		return nil, sql.Table{}, run.Problemf(dir.Root(),
			"nobody in this run has that key, address, telephone number, Freshsales id or name").
			WithTry("a profile id, user id, e-mail, number or full name as the export has it; rejected rows are in quality.xlsx")
	}
	persons := map[string]bool{}
	for _, r := range people.Rows {
		keys = append(keys, *r[0])
		persons[quoted(*r[1])] = true
	}
	if len(persons) > 1 {
		several, err = q.Ask(s.ctx, strings.ReplaceAll(traceSeveral, "{keys}", strings.Join(sortedKeys(persons), ", ")))
	}
	return keys, several, err
}

// pasted is a key without what came along with it: blanks, mailto:, the name before <an address>.
func pasted(key string) string {
	key = strings.Join(strings.Fields(key), " ")
	if at := strings.LastIndex(key, "<"); at >= 0 && strings.Contains(key, "@") {
		key = strings.TrimSuffix(key[at+1:], ">")
	}
	return strings.TrimPrefix(key, "mailto:")
}

// quoted is a SQL text literal.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
