-- A few dozen records side by side, field by field, for a person to look at.
-- one row per entity, key, field
select
    readback.entity,
    readback.key,
    min(who.who_is_it) as who_is_it,
    min(readback.target_id) as target_id,
    readback.field,
    min(readback.sent) as sent,
    min(readback.found) as found,
    bool_and(readback.sent is not distinct from readback.found) as is_same,
from loaded.readback as readback
left join reports.who as who on who.key = readback.key
where readback.is_spot_check
  and readback.field is not null
group by readback.entity, readback.key, readback.field
order by readback.entity, readback.key, readback.field
