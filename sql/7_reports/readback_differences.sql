-- Every field that came back different from what was sent, and every record that is missing, extra or twice.
-- one row per entity, key, target_id, field
select
    readback.entity,
    coalesce(readback.key, '') as key, -- of a record that is not ours there is none
    min(who.who_is_it) as who_is_it,
    coalesce(readback.target_id, '') as target_id,
    min(readback.class) as class,
    coalesce(readback.field, '') as field,
    min(readback.sent) as sent,
    min(readback.found) as found,
from loaded.readback as readback
left join reports.who as who on who.key = readback.key
where (readback.field is null and readback.class in ('missing', 'extra', 'duplicate'))
   or (readback.field is not null and readback.sent is distinct from readback.found)
group by all
order by entity, key, target_id, field
