package model

import (
	"fmt"
	"strings"
)

// findingColumns are what every check returns, whatever else helps.
var findingColumns = []string{"entity", "key", "field", "value", "reason", "suggestion"}

// FindingsQuery unites the checks and puts the customer's answer beside each finding. An answer
// for the row wins over one for the whole rule, a newer one over an older; what a check does not
// offer is no answer; nothing lifts a stop.
func FindingsQuery(p *Project) string {
	var parts []string
	for _, m := range p.checks() {
		columns := make([]string, len(findingColumns))
		for i, c := range findingColumns {
			columns[i] = c + "::varchar as " + c
		}
		parts = append(parts, fmt.Sprintf("select %s as rule, %s as severity, %s as offered, %s from %s.%s",
			Literal(m.Name), Literal(m.Severity), Literal(" "+strings.Join(m.decisions, " ")+" "), strings.Join(columns, ", "),
			ChecksSchema, Quote(m.Name)))
	}
	if len(parts) == 0 {
		parts = append(parts, "select '' as rule, '' as severity, '' as offered, "+emptyFindings()+" where false")
	}
	return `with found as (` + strings.Join(parts, " union all ") + `),
answers as (
    select rule, key, coalesce(field, '') as field, decision
    from settings.decisions
    where decision is not null
    qualify row_number() over (partition by rule, key, coalesce(field, '') order by decided_at desc nulls last, decision) = 1
),
rows as (select found.*, row_number() over () as number from found),
answered as (
    select rows.*, answers.decision as decision
    from rows
    left join answers on answers.rule = rows.rule
        and (answers.key is null or answers.key = rows.key)
        and (answers.field = '' or answers.field = rows.field)
        and contains(rows.offered, ' ' || answers.decision || ' ')
    qualify row_number() over (partition by rows.number
        order by answers.key is not null desc, answers.field <> '' desc, answers.decision) = 1
)
select rule, severity, ` + strings.Join(findingColumns, ", ") + `, decision,
    severity = 'hold' and coalesce(decision, '') <> 'accept' as is_held
from answered
order by rule, entity, key, field`
}

func emptyFindings() string {
	columns := make([]string, len(findingColumns))
	for i, c := range findingColumns {
		columns[i] = "null::varchar as " + c
	}
	return strings.Join(columns, ", ")
}

func RulesQuery(p *Project) string {
	var parts []string
	row := func(m *Model, off string) {
		texts := []string{m.Name, m.Severity, m.Sentence, m.fix, strings.Join(m.decisions, " "), m.engineer, m.oneAct}
		for i, t := range texts {
			texts[i] = Literal(t)
		}
		parts = append(parts, "("+strings.Join(texts, ", ")+", "+off+")")
	}
	for _, m := range p.checks() {
		row(m, "null")
	}
	for _, m := range p.Off {
		row(m, Literal(m.Off))
	}
	if len(parts) == 0 {
		parts = append(parts, "('', '', '', '', '', '', '', '')")
	}
	return `select rules.rule, severity, sentence, fix, nullif(engineer, '') as engineer, nullif(one_act, '') as one_act, decisions,
    off_reason::varchar as off_reason, coalesce(findings, 0) as findings
from (values ` + strings.Join(parts, ", ") + `) as rules (rule, severity, sentence, fix, decisions, engineer, one_act, off_reason)
left join (select rule, count(*) as findings from checks.findings group by rule) as counted on counted.rule = rules.rule
where rules.rule <> ''
order by rules.rule`
}
