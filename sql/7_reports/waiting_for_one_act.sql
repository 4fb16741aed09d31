-- Whom one act of an administrator would settle, name by name.
-- one row per rule, key, reason
select
    findings.rule,
    rules.sentence,
    coalesce(who.who_is_it, replace(findings.entity, '_', ' ') || ' ' || findings.key) as who_is_it,
    findings.reason,
    string_agg(distinct findings.field, ', ' order by findings.field) as fields,
    findings.key,
from checks.findings as findings
inner join checks.rules as rules on rules.rule = findings.rule
left join reports.who as who on who.key = findings.key
where rules.one_act is not null
group by all
order by findings.rule, who_is_it, findings.key, findings.reason
