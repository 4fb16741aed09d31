-- Segments of one title would be one tag of everybody in either; each tag carries the id of its segment instead.
-- severity: note
-- fix: give the segments different names in Xtremepush
select
    'segments' as entity,
    segment_key as key,
    'title' as field,
    title as value,
    'another segment has this title too; the tags are told apart by the id' as reason,
    title || ' (' || segment_id || ')' as suggestion,
from staging.segments
where fate = 'kept'
  and title is not null
qualify count(*) over (partition by lower(title)) > 1
