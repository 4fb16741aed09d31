-- Every rule, what it found, and what is still open.
-- one row per rule
with

answered as (
    select rule, count(*) filter (where decision is null) as open, count(*) filter (where is_held) as held
    from checks.findings
    group by rule
)

select
    rules.rule,
    rules.severity,
    rules.sentence,
    rules.fix,
    rules.engineer,
    rules.decisions,
    rules.findings,
    coalesce(answered.open, 0) as open,
    coalesce(answered.held, 0) as held,
    rules.off_reason,
from checks.rules as rules
left join answered on answered.rule = rules.rule
order by case rules.severity when 'stop' then 1 when 'hold' then 2 else 3 end, rules.findings desc, rules.rule
