-- Hours of the load for every way to carry activity on every plan of Freshsales; those within the wanted window are marked.
-- one row per activity_setting
with

wanted as (
    select window_hours::double as hours from staging.typed_options
),

cells as (
    select
        costs.plan,
        costs.activity_setting,
        costs.records,
        costs.calls,
        costs.hours,
        costs.note,
        costs.hours <= wanted.hours as fits,
        case when costs.hours <= wanted.hours then '✓ ' else '' end
            || case when costs.hours < 48 then format('{:,.1f}', costs.hours) || ' hours' else format('{:,.1f}', costs.hours / 24) || ' days' end as cell,
    from reports.scope_costs as costs
    cross join wanted
)

select
    activity_setting,
    any_value(records) as records,
    any_value(calls) as calls,
    max(cell) filter (where plan = 'free') as free,
    max(cell) filter (where plan = 'growth') as growth,
    max(cell) filter (where plan = 'pro') as pro,
    max(cell) filter (where plan = 'enterprise') as enterprise,
    any_value(note) as note,
    coalesce(string_agg(plan, ' ') filter (where fits), '') as differs,
from cells
group by activity_setting
order by min(hours) desc, activity_setting
