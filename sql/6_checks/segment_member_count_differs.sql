-- A segment says it has another number of members than were exported.
-- severity: note
-- fix: export the members again, all pages of them
with

exported as (
    select segment_key, count(*) as members
    from staging.segment_memberships
    where fate = 'kept'
    group by segment_key
)

select
    'segments' as entity,
    segments.segment_key as key,
    'member_count' as field,
    segments.member_count::varchar as value,
    segments.member_count || ' members by its own count, ' || exported.members || ' in the export' as reason,
    null as suggestion,
from staging.segments as segments
inner join exported on exported.segment_key = segments.segment_key
where segments.fate = 'kept'
  and segments.member_count is distinct from exported.members
  and segments.member_count is not null
