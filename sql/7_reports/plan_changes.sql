-- What would change in records that exist in Freshsales already, old beside new.
-- one row per entity, key, field
with

lists as (
    select
        entity,
        key,
        action,
        reason,
        unnest(from_json(changes::json, '[{"field":"VARCHAR","old":"VARCHAR","new":"VARCHAR"}]')) as item,
    from loaded.plan
    where changes is not null and json_valid(changes)
      and action in ('update', 'conflict')
)

select
    lists.entity,
    lists.key,
    who.who_is_it,
    lists.action,
    item.field as field,
    min(item.old) as old_value,
    min(item.new) as new_value,
    min(lists.reason) as reason,
from lists
left join reports.who as who on who.key = lists.key
group by lists.entity, lists.key, who.who_is_it, lists.action, item.field
order by lists.entity, lists.key, item.field
