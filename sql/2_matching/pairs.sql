-- Pairs of profiles that may be one person and are not sure enough to merge: a customer decides.
-- one row per left_key, right_key
with
decided as (
    select
        split_part(key, '|', 1) as left_key,
        split_part(key, '|', 2) as right_key,
        arg_max(decision, decided_at) as decision,
    from settings.decisions
    where decision in ('merge', 'apart')
    group by all
)
select
    left_key,
    right_key,
    null::double as probability,
    'decided before' as evidence,
    decision,
from decided
