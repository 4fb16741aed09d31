-- What was read back from Freshsales, counted: identical, modified, missing, extra, duplicate.
-- one row per entity, class
select
    entity,
    class,
    count(*) as records,
from loaded.readback
where field is null
group by entity, class
order by entity, class
