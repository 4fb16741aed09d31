-- What reads like a refusal where nothing speaks of consent: values of attributes, tags, titles of segments, names of events.
-- one row per remark_key
with

aparts as (
    select lower(part) as part from settings.consent_columns where says = 'apart'
),

-- Columns that speak of consent by their name are read in staging.profile_answers.
from_attributes as (
    select attributes.profile_key, 'attribute' as kind, attributes.name as place, attributes.value as written, false as is_taken_back, attributes.updated_at
    from staging.attributes as attributes
    where reads_as_refusal(attributes.value)
      and attributes.value not like '%://%'
      and attributes.name not in (select name from staging.consent_columns)
),

from_tags as (
    select profile_key, 'tag' as kind, tag_name as place, concat_ws(': ', tag_name, value) as written, false as is_taken_back, hit_at as updated_at
    from staging.tags
    where fate = 'kept' and reads_as_refusal(concat_ws(' ', tag_name, value))
),

from_segments as (
    select memberships.profile_key, 'segment' as kind, segments.title as place, segments.title as written, false as is_taken_back, memberships.snapshot_at as updated_at
    from staging.segment_memberships as memberships
    inner join staging.segments as segments on segments.segment_key = memberships.segment_key and segments.fate = 'kept'
    where memberships.fate = 'kept' and reads_as_refusal(segments.title)
),

-- Who unsubscribed and subscribed again later has an event for each.
event_names as (
    select
        event_name,
        reads_as_refusal(event_name) as is_refusal,
        lower(trim(regexp_replace(regexp_replace(event_name, '([a-z])([A-Z])', '\1_\2', 'g'), '[^\p{L}\p{N}]+', '_', 'g'), '_')) as name,
    from (select distinct event_name from staging.events where fate = 'kept')
),

from_events as (
    select
        events.profile_key,
        'event' as kind,
        'consent' as place,
        events.event_name as written,
        not names.is_refusal as is_taken_back,
        events.happened_at as updated_at,
    from staging.events as events
    inner join event_names as names on names.event_name = events.event_name
    where events.fate = 'kept'
      and (names.is_refusal or (exists (select 1 from event_names where is_refusal) and regexp_matches(names.name, 'subscri|opt_?in|opted_?in')))
),

together as (
    select * from from_attributes
    union all
    select * from from_tags
    union all
    select * from from_segments
    union all
    select * from from_events
),

-- A channel that the place names is meant, and every channel where it names none.
places as (
    select kind, place, written_place, '_' || strip_accents(lower(trim(regexp_replace(written_place, '[^\p{L}\p{N}]+', '_', 'g'), '_'))) || '_' as parts
    from (select distinct kind, place, if(kind = 'event', written, place) as written_place from together)
),

named as (
    select
        places.kind,
        places.place,
        places.written_place,
        coalesce(nullif(list_intersect(['email', 'sms', 'whatsapp', 'push'], list(distinct channels.says)), []), ['email', 'sms', 'whatsapp', 'push']) as channels,
    from places
    left join settings.consent_columns as channels
        on channels.says in ('email', 'sms', 'whatsapp', 'push')
        and contains(places.parts, lower(channels.part))
    where not exists (select 1 from aparts where contains(places.parts, aparts.part) or '=' || trim(places.parts, '_') = aparts.part)
    group by all
),

spread as (
    select
        md5(concat_ws('|', together.profile_key, together.kind, together.place, together.written, together.updated_at::varchar, channel)) as remark_key,
        together.profile_key,
        together.kind,
        together.place,
        together.written,
        together.is_taken_back,
        said_at(together.updated_at) as updated_at,
        channel,
    from together
    inner join named
        on named.kind = together.kind
        and named.place = together.place
        and named.written_place = if(together.kind = 'event', together.written, together.place)
    cross join lateral (select unnest(named.channels) as channel)
    where together.profile_key is not null
)

select distinct * from spread
