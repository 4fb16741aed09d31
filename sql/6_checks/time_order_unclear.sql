-- No value of this column settles whether the day or the month comes first.
-- severity: note
-- fix: export the column as year-month-day, or tell us whether the day or the month comes first
-- engineer: set dates.order in ferry.yaml, then ferry transform
select
    entity,
    field as key,
    field,
    null as value,
    'read with the '
        || case when month_first[field] then 'month' else 'day' end
        || ' first, but every value would also make sense the other way round' as reason,
    null as suggestion,
from (select entity, month_first, unnest(unclear) as field from staging.time_orders)
