-- What the data looks like inside: per kind of data and field how many records, how full, how many different values, and the most frequent ones.
-- one row per entity, field
with

people as (
    select count(*) as records from matching.golden where not is_anonymous
),

-- value by value, with how often it occurs; records is what a share is a share of
counted as (
    select 'user_profiles' as entity, attribute as field, value, people as times, (select records from people) as records from mapping.attribute_values where attribute not in ('language', 'country', 'lifecycle_stage')
    union all
    select 'user_profiles', 'language', language, count(*), (select records from people) from matching.golden where not is_anonymous group by language
    union all
    select 'user_profiles', 'country', country, count(*), (select records from people) from matching.golden where not is_anonymous group by country
    union all
    select 'user_profiles', 'lifecycle_stage', lifecycle_stage, count(*), (select records from people) from matching.golden where not is_anonymous group by lifecycle_stage
    union all
    select 'events', 'event', event_name, count(*), sum(count(*)) over () from staging.events where fate = 'kept' group by event_name
    union all
    select 'campaign_interactions', 'channel', channel, count(*), sum(count(*)) over () from staging.interactions where fate = 'kept' group by channel
    union all
    select 'consents', 'channel', channel_raw, count(*), sum(count(*)) over () from staging.consents where fate = 'kept' group by channel_raw
    union all
    select 'consents', 'status', status_raw, count(*), sum(count(*)) over () from staging.consents where fate = 'kept' group by status_raw
    union all
    select 'tags', 'tag', tag_name, count(*), sum(count(*)) over () from staging.tags where fate = 'kept' group by tag_name
    union all
    select 'segment_memberships', 'segment', coalesce(segments.title, memberships.segment_key), count(*), sum(count(*)) over ()
    from staging.segment_memberships as memberships
    left join staging.known_segments as segments on segments.segment_key = memberships.segment_key
    where memberships.fate = 'kept'
    group by 3
    union all
    select 'loyalty', 'tier', tier, count(*), sum(count(*)) over () from staging.loyalty where fate = 'kept' group by tier
    union all
    select 'devices', 'platform', platform, count(*), sum(count(*)) over () from staging.devices where fate = 'kept' group by platform
    union all
    select 'activities', 'kind', kind, count(*), sum(count(*)) over () from staging.activities where fate = 'kept' group by kind
    union all
    select 'companies', 'country', country_raw, count(*), sum(count(*)) over () from staging.companies where fate = 'kept' group by country_raw
),

ranked as (
    select *, row_number() over (partition by entity, field order by times desc, value) as rank
    from counted
    where value is not null
),

summed as (
    select
        entity,
        field,
        max(records)::bigint as records,
        sum(times)::bigint as filled,
        count(*) as distinct_values,
        max(times) as most,
        bool_or(contains(value, '@')) as has_address,
        max(length(value)) as longest,
    from ranked
    group by entity, field
),

tops as (
    select
        ranked.entity,
        ranked.field,
        string_agg(
            repeat('█', greatest(1, round(10.0 * ranked.times / summed.most)::int)) || ' ' || ranked.value || ', ' || format('{:,}', ranked.times::bigint),
            chr(10) order by ranked.rank
        ) as top_values,
    from ranked
    inner join summed on summed.entity = ranked.entity and summed.field = ranked.field
    where ranked.rank <= 5
    group by ranked.entity, ranked.field
)

select
    summed.entity,
    summed.field,
    summed.records,
    summed.filled,
    round(summed.filled / greatest(summed.records, 1), 3)::double as share_filled,
    summed.distinct_values,
    -- Values are shown where many share them; what is one person's own is only counted.
    case
        when summed.has_address or summed.longest > 60 or summed.distinct_values > 20 and summed.distinct_values > summed.filled / 4
            then 'nearly everybody has a value of their own'
        else tops.top_values
    end as top_values,
from summed
inner join tops on tops.entity = summed.entity and tops.field = summed.field
left join reports.entity_counts as places on places.entity = summed.entity
order by places.position, summed.filled desc, summed.field
