-- The calls the load was expected to make and those it made.
-- one row per phase, kind
select
    phase,
    kind,
    sum(planned)::bigint as planned,
    sum(used)::bigint as used,
    sum(seconds) as seconds,
from loaded.calls
group by phase, kind
order by phase, kind
