-- Findings by kind of data and by how serious they are.
-- one row per entity
with

counted as (
    select entity, rule, severity, count(*) as findings, count(*) filter (where decision is null) as open
    from checks.findings
    group by entity, rule, severity
)

select
    counted.entity,
    coalesce(sum(counted.findings) filter (where counted.severity = 'stop'), 0)::bigint as stop,
    coalesce(sum(counted.findings) filter (where counted.severity = 'hold'), 0)::bigint as hold,
    coalesce(sum(counted.findings) filter (where counted.severity = 'note'), 0)::bigint as note,
    sum(counted.open)::bigint as open,
    arg_max(rules.sentence || ' (' || format('{:,}', counted.findings) || ')', (counted.findings, counted.rule)) as worst,
from counted
left join checks.rules as rules on rules.rule = counted.rule
where counted.entity is not null
group by counted.entity
order by stop desc, hold desc, note desc, counted.entity
