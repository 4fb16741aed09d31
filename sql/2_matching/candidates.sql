-- Pairs of profiles worth comparing: those that share two keys, or one that few others share, and the two ends of whatever could bridge them.
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
),
-- who has one mailbox with one and one telephone with another stands between the two
neighbours as (
    select l.id, r.id as other_id
    from matching.features as l
    inner join matching.features as r
        on r.mailbox = l.mailbox
        and r.id <> l.id
    where l.email_others < 10
    union
    select l.id, r.id as other_id
    from matching.features as l
    inner join matching.features as r
        on r.phone = l.phone
        and r.id <> l.id
    where l.phone_others < 10
),
bridged as (
    select l.other_id as left_id, r.other_id as right_id
    from neighbours as l
    inner join neighbours as r
        on r.id = l.id
        and r.other_id > l.other_id
)
select left_id, right_id
from shared
cross join options
where keys > 1 or rarest <= few
union
select left_id, right_id
from bridged
union
select left_id, right_id
from matching.everybody
