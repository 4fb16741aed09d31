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
		name: "trace", usage: "one key or e-mail: rows → person → fields → calls", arguments: "KEY",
		description: "KEY is a profile id, user id, contact key or e-mail address. Prints every source row of the person, " +
			"whom it was merged\nwith and why, what will be or was sent, what a check says, and what became of it. Personal " +
			"data is printed: it is what you asked for.",
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

// A part of the trace is one question to the run; {keys} are the profiles of the person.
var traceParts = []struct{ title, query string }{
	{"source rows",
		`select source_file, source_record, profile_key, fate from staging.profile_records where profile_key in ({keys}) order by all`},
	{"person",
		`select profile_key, person_key, probability, evidence, decided_by from matching.people where profile_key in ({keys}) order by all`},
	{"fate", `select entity, key, fate, reason, target_key from reports.fates where entity = 'user_profiles' and (key in ({keys}) or target_key in ({keys})) order by all`},
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

const tracePeople = `
select distinct members.profile_key
from matching.people as members
where members.person_key in (
    select people.person_key
    from matching.people as people
    inner join staging.profile_records as records on records.profile_key = people.profile_key
    where people.profile_key = {key} or people.person_key = {key}
        or records.user_id = {key} or lower(records.email_raw) = lower({key})
)`

func (s *session) doTrace(dir run.Dir, key string) error {
	target, err := s.reportedTarget(dir)
	if err != nil {
		return err
	}
	o, err := s.sqlOptions(target)
	if err != nil {
		return err
	}
	people, err := sql.Query(s.ctx, dir, strings.ReplaceAll(tracePeople, "{key}", quoted(key)), o)
	if err != nil {
		return err
	}
	if len(people.Rows) == 0 {
		return run.Problemf(dir.Root(), "nobody in this run has that key or e-mail address").
			WithTry("the profile id, user id or e-mail as the export has it; rejected rows are in quality.xlsx")
	}
	var keys []string
	for _, r := range people.Rows {
		keys = append(keys, quoted(*r[0]))
	}
	found := map[string]sql.Table{}
	text := ""
	for _, p := range traceParts {
		t, err := sql.Query(s.ctx, dir, strings.ReplaceAll(p.query, "{keys}", strings.Join(keys, ", ")), o)
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

// quoted is a SQL text literal.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
