-- Every segment and list with its rule in words, its members, and the tag it becomes.
-- one row per kind, segment_id
with

members as (
    select
        memberships.segment_key,
        count(distinct memberships.profile_key) as members,
        count(distinct people.person_key) filter (where people.decided_by not in ('anonymous', 'deleted')) as contacts,
    from staging.segment_memberships as memberships
    left join matching.people as people on people.profile_key = memberships.profile_key
    where memberships.fate = 'kept'
    group by memberships.segment_key
)

select
    known.kind,
    known.segment_id,
    known.title,
    rules.in_words,
    segments.conditions,
    coalesce(members.members, 0) as members,
    coalesce(members.contacts, 0) as contacts,
    segments.is_active as active,
    case
        when (select segments_as_tags from staging.typed_options)
            then 'tag: ' || coalesce((select segments_prefix from staging.typed_options), '') || coalesce(known.title, known.segment_id)
        else 'only this inventory'
    end as becomes,
from staging.known_segments as known
left join staging.segments as segments
    on segments.segment_key = known.segment_key
    and segments.fate = 'kept'
left join members on members.segment_key = known.segment_key
left join mapping.rules_in_words as rules on rules.rule_key = known.segment_key
order by known.kind, known.title, known.segment_id
