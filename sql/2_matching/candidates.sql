-- Pairs of profiles worth comparing: those that share two keys, or one that few others share.
-- one row per left_id, right_id
with
options as (
    select greatest(4, max(value::bigint) * 2 // 5 // (select greatest(count(*), 1) from matching.features)) as few
    from settings.match_options
    where name = 'block_budget'
),
shared as (
    select l.id as left_id, r.id as right_id, count(*) as keys, min(l.profiles) as rarest
    from matching.blocks as l
    inner join matching.blocks as r
        on r.block = l.block
        and r.id > l.id
    group by l.id, r.id
)
select left_id, right_id
from shared
cross join options
where keys > 1 or rarest <= few
