-- Every record that is not in Freshsales, and why; what hangs on a person stands under them.
-- one row per entity, key
with

ordered as (
    select
        targets.*,
        coalesce(targets.contact_key, targets.key) as parent_key,
        case targets.entity when 'contacts' then 1 when 'accounts' then 2 when 'deals' then 3 else 4 end as place,
    from reports.targets as targets
    where targets.fate in ('held', 'blocked', 'refused', 'pending')
)

select
    coalesce(who.who_is_it, ordered.parent_key) as who_is_it,
    ordered.entity,
    ordered.fate as outcome,
    ordered.reason,
    ordered.key,
from ordered
left join reports.who as who on who.key = ordered.parent_key
order by
    -- Who was refused comes first, then who waits; each with what hangs on them.
    min(case ordered.fate when 'refused' then 1 when 'held' then 2 when 'blocked' then 3 else 4 end) over (partition by ordered.parent_key),
    ordered.parent_key,
    ordered.place,
    ordered.entity,
    ordered.key
