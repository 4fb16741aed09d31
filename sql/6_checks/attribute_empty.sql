-- A column of the export in which nobody has a value becomes no field.
-- severity: note
-- fix: nothing to do, unless values were expected: then export again
select
    'attributes' as entity,
    names.name as key,
    null as field,
    names.written as value,
    'the column is there and holds no value' as reason,
    null as suggestion,
from (
    select name, string_agg(distinct written_name, ', ' order by written_name) as written
    from staging.attribute_names
    group by name
) as names
anti join (select distinct name from staging.attributes where value is not null) as filled on filled.name = names.name
