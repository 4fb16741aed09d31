-- Pairs of profiles worth comparing: those that share a block.
-- one row per left_id, right_id
select distinct l.id as left_id, r.id as right_id
from matching.blocks as l
inner join matching.blocks as r
    on r.block = l.block
    and r.id > l.id
