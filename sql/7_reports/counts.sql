-- Totals of the account before and after the load, beside what the load says it made.
-- one row per entity, view
with

totals as (
    select
        entity,
        view,
        max(total) filter (where moment = 'before') as before,
        max(total) filter (where moment = 'after') as after,
    from loaded.counts
    group by entity, view
)

select
    totals.entity,
    totals.view,
    totals.before,
    totals.after,
    totals.before + coalesce(phases.created, 0) as expected,
    totals.after - (totals.before + coalesce(phases.created, 0)) as difference,
from totals
left join reports.phases as phases on phases.entity = totals.entity
order by totals.entity, totals.view
