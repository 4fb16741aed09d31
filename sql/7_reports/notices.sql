-- What the load wants a person to know: workflows that will fire, moves of stages, records merged or split since.
-- one row per kind, entity, key, text
select distinct
    kind,
    coalesce(entity, '') as entity,
    coalesce(key, '') as key,
    text,
from loaded.notices
order by kind, entity, key, text
