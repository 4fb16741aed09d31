-- Values that were left out of a record that was sent, with the reason.
-- one row per entity, key, field
with

lists as (
    select
        entity,
        key,
        unnest(from_json(withheld::json, '[{"field":"VARCHAR","value":"VARCHAR","reason":"VARCHAR"}]')) as item,
    from loaded.plan
    where withheld is not null and json_valid(withheld)
)

select
    lists.entity,
    lists.key,
    who.who_is_it,
    item.field as field,
    min(item.value) as value,
    min(item.reason) as reason,
from lists
left join reports.who as who on who.key = lists.key
group by lists.entity, lists.key, who.who_is_it, item.field
order by lists.entity, lists.key, item.field
