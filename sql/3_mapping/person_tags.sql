-- The tags of each person: what they were tagged with, and the segments they belong to.
-- one row per person_key, tag
with

hits as (
    select
        people.person_key,
        tags.tag_name,
        max_by(tags.value, (tags.hit_at, tags.record_key)) as last_value,
    from staging.tags as tags
    inner join matching.people as people on people.profile_key = tags.profile_key
    where tags.fate = 'kept'
      and tags.tag_name is not null
      and people.decided_by not in ('deleted', 'anonymous')
    group by all
),

-- Tags and segments the customer does not want.
skipped as (
    select list, item from mapping.list_answers
    where list in ('tags', 'segments')
      and decision = 'skip'
),

from_columns as (
    select
        person_key,
        coalesce((select tags_prefix from staging.typed_options), '') || tag_name as tag,
        'tag' as source,
    from mapping.column_tags
    where lower(trim(tag_name)) not in (select item from skipped where list = 'tags')
),

from_tags as (
    select
        person_key,
        coalesce((select tags_prefix from staging.typed_options), '') || tag_name
            || case
                when (select tags_with_value from staging.typed_options) and last_value is not null
                    then ': ' || last_value
                else ''
            end as tag,
        'tag' as source,
    from hits
    where lower(trim(tag_name)) not in (select item from skipped where list = 'tags')
),

from_segments as (
    select
        people.person_key,
        coalesce((select segments_prefix from staging.typed_options), '')
            || coalesce(segments.title || if(segments.is_title_shared, ' (' || segments.segment_id || ')', ''), segments.segment_id) as tag,
        'segment' as source,
    from staging.segment_memberships as memberships
    inner join (
        select *, title is not null and count(*) over (partition by lower(title)) > 1 as is_title_shared
        from staging.known_segments
    ) as segments on segments.segment_key = memberships.segment_key
    inner join matching.people as people on people.profile_key = memberships.profile_key
    where memberships.fate = 'kept'
      and people.decided_by not in ('deleted', 'anonymous')
      and (select segments_as_tags from staging.typed_options)
      and lower(trim(coalesce(segments.title, segments.segment_id))) not in (select item from skipped where list = 'segments')
),

together as (
    select person_key, tag, source from from_tags
    union all
    select person_key, tag, source from from_columns
    union all
    select person_key, tag, source from from_segments
),

-- A tag and a segment of the same name are one tag.
distinct_tags as (
    select person_key, tag, min(source) as source
    from together
    group by person_key, tag
)

select * from distinct_tags
