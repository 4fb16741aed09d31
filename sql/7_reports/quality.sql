-- Every flagged value, whom it belongs to, what can be done, and what was decided.
-- one row per finding
with

answers as (
    select
        rule,
        key,
        coalesce(field, '') as field,
        max_by(value, decided_at) as value,
        max_by(who, decided_at) as who,
    from settings.decisions
    where key is not null
    group by all
),

findings as (
    select
        row_number() over (
            order by
                case findings.severity when 'stop' then 1 when 'hold' then 2 else 3 end,
                findings.rule,
                findings.key,
                findings.field,
                findings.value,
                findings.reason
        ) as finding,
        findings.rule,
        findings.severity,
        findings.entity,
        findings.key,
        coalesce(
            who.who_is_it,
            replace(rtrim(findings.entity, 's'), '_', ' ') || ' of ' || owners.who_is_it,
            replace(findings.entity, '_', ' ') || ' ' || findings.key
        ) as who_is_it,
        findings.field,
        left(findings.value, 1000) as value,
        findings.reason,
        findings.suggestion,
        rules.decisions,
        findings.decision,
        answers.value as decision_value,
        answers.who,
        findings.is_held,
    from checks.findings as findings
    left join checks.rules as rules on rules.rule = findings.rule
    left join reports.who as who on who.key = findings.key
    left join engagement.activity_records as records
        on records.entity = findings.entity
        and records.record_key = findings.key
    left join reports.who as owners on owners.key = records.profile_key
    left join answers
        on answers.rule = findings.rule
        and answers.key = findings.key
        and answers.field in ('', findings.field)
    -- Pairs have a sheet of their own.
    where findings.rule <> 'possible_duplicates'
    qualify row_number() over (
        partition by findings.rule, findings.entity, findings.key, findings.field, findings.value, findings.reason
        order by answers.field desc
    ) = 1
)

select * from findings
order by finding
