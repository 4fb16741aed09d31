-- What the undoing did to each record, and what it left alone.
-- one row per entity, key, target_id, field
select
    min(rollback.result) as result,
    rollback.entity,
    rollback.key,
    min(who.who_is_it) as who_is_it,
    coalesce(rollback.target_id, '') as target_id,
    coalesce(rollback.field, '') as field,
    min(rollback.reason) as reason,
from loaded.rollback as rollback
left join reports.who as who on who.key = rollback.key
group by all
order by rollback.entity, rollback.key, field
