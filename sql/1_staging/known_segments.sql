-- Segments and lists that have a name: those of the export of segments or, where there is none, those that the files of members name.
-- one row per segment_key
with

exported as (
    select segment_key, kind, segment_id, title
    from staging.segments
    where fate = 'kept' and segment_key is not null
),

-- An id such as gold_members is a name, one of digits or of a digest is none.
named as (
    select
        segment_key,
        kind,
        segment_id,
        coalesce(
            title_beside,
            if(regexp_matches(segment_id, '\p{L}{3}') and not regexp_full_match(segment_id, '(?i)[0-9a-f-]{8,}'), segment_id, null)
        ) as title,
    from staging.segment_memberships
    where segment_key is not null
      and fate = 'kept'
      and (select count(*) from staging.segments) = 0
),

told as (
    select segment_key, kind, segment_id, min(title) as title
    from named
    where title is not null
    group by segment_key, kind, segment_id
)

select * from exported
union all
select * from told
