-- What reads like a refusal where nothing speaks of consent: values of attributes, tags, titles of segments, events, notes, calls.
-- one row per remark_key
with

aparts as (
    select lower(part) as part from settings.consent_columns where says = 'apart'
),

-- Many have the same value: each is read once.
refusing_values as (
    select value
    from (select value, count(*) as records from staging.attributes where value not like '%://%' group by value)
    where asked_once(records, reads_as_refusal(value))
),

-- Columns that speak of consent by their name are read in staging.consent_answers.
from_attributes as (
    select attributes.profile_key, 'attribute' as kind, attributes.name as place, attributes.value as written, false as is_taken_back, attributes.updated_at
    from staging.attributes as attributes
    semi join refusing_values on refusing_values.value = attributes.value
    where attributes.name not in (select name from staging.consent_columns where entity = 'user_profiles' and name not in ('preference', 'preferences', 'prefs'))
),

answers as (
    select plain_word(text) as text, min(answer) as answer
    from (
        select text, answer from settings.plain_answers
        union all
        select text, case is_subscribed when 'true' then 'yes' when 'false' then 'no' end as answer from settings.consent_words
    )
    group by all
),

-- opt_in: no and unsubscribed: yes are refusals, as they are in a column.
spoken_names as (
    select entity, written_name, bool_or(says = 'agreement') as is_agreement, bool_or(says = 'refusal') as is_refusal
    from staging.consent_columns
    where says in ('agreement', 'refusal', 'hint') and entity in ('tags', 'events', 'beside')
    group by all
),

-- Few different tags are hung on very many profiles: each is read once.
refusing_tags as (
    select tags.tag_name, tags.value
    from (select distinct tag_name, value from staging.tags where fate = 'kept') as tags
    left join spoken_names as names on names.entity = 'tags' and names.written_name = tags.tag_name
    left join answers on answers.text = plain_word(tags.value)
    where place_refuses(in_words(concat_ws(' ', tags.tag_name, tags.value)))
       or (names.is_agreement and (answers.answer = 'no' or object_says_no(tags.value)))
       or (names.is_refusal and (answers.answer = 'yes' or object_says_yes(tags.value)))
),

from_tags as (
    select tags.profile_key, 'tag' as kind, tags.tag_name as place, concat_ws(': ', tags.tag_name, tags.value) as written, false as is_taken_back, tags.hit_at as updated_at
    from staging.tags as tags
    semi join refusing_tags
        on refusing_tags.tag_name = tags.tag_name
        and refusing_tags.value is not distinct from tags.value
    where tags.fate = 'kept'
),

refusing_segments as (
    select segment_key, title
    from staging.segments
    where fate = 'kept' and place_refuses(in_words(title))
),

refusing_titles as (
    select title
    from (
        select title, count(*) as records
        from (select unnest([title_beside, segment_id]) as title from staging.segment_memberships where fate = 'kept')
        group by title
    )
    where asked_once(records, place_refuses(in_words(title)))
),

from_segments as (
    select memberships.profile_key, 'segment' as kind, segments.title as place, segments.title as written, false as is_taken_back, memberships.snapshot_at as updated_at
    from staging.segment_memberships as memberships
    inner join refusing_segments as segments on segments.segment_key = memberships.segment_key
    where memberships.fate = 'kept'
    union all
    -- a file of members may name the segment itself, by its title or instead of its id
    select memberships.profile_key, 'segment' as kind, titles.title as place, titles.title as written, false as is_taken_back, memberships.snapshot_at as updated_at
    from staging.segment_memberships as memberships
    inner join refusing_titles as titles on titles.title in (memberships.title_beside, memberships.segment_id)
    where memberships.fate = 'kept'
      and memberships.segment_key not in (select segment_key from refusing_segments)
),

-- Who unsubscribed and subscribed again later has an event for each.
event_names as (
    select
        event_name,
        place_refuses(in_words(event_name)) as is_refusal,
        regexp_matches(
            lower(trim(regexp_replace(in_words(event_name), '[^\p{L}\p{N}]+', '_', 'g'), '_')),
            'subscri|opt_?in|opted_?in'
        ) as is_subscription,
        regexp_matches(lower(event_name), 'consent|prefer|subscri|opt.?(in|out)|opted|gdpr|marketing|newsletter|communicat|permission|unsub') as is_of_consent,
    from (select distinct event_name from staging.events where fate = 'kept')
),

-- Events that speak of consent by their name say by their value what was chosen.
event_values as (
    select
        events.event_name,
        events.value,
        bool_or(coalesce(
            reads_as_refusal(without_names(events.value)) or status_refuses(without_names(events.value)) or object_refuses(events.value)
            or (names.is_agreement and (answers.answer = 'no' or object_says_no(events.value)))
            or (names.is_refusal and (answers.answer = 'yes' or object_says_yes(events.value))),
            false
        )) as is_refusal,
    from (
        select distinct event_name, value
        from staging.events
        where fate = 'kept' and value <> '' and event_name in (select event_name from event_names where is_of_consent)
    ) as events
    left join spoken_names as names on names.entity = 'events' and names.written_name = events.event_name
    left join answers on answers.text = plain_word(events.value)
    group by all
),

-- Only the few names among all events that can say anything here.
telling_names as (
    select *
    from event_names
    where is_refusal or is_subscription or event_name in (select event_name from event_values)
),

from_events as (
    select
        events.profile_key,
        'event' as kind,
        'consent' as place,
        events.event_name as written,
        not (names.is_refusal or coalesce(chosen.is_refusal, false)) as is_taken_back,
        events.happened_at as updated_at,
    from staging.events as events
    inner join telling_names as names on names.event_name = events.event_name
    left join event_values as chosen on chosen.event_name = events.event_name and chosen.value = events.value
    where events.fate = 'kept'
      and (
        names.is_refusal
        or chosen.is_refusal
        or (
            (exists (select 1 from event_names where is_refusal) or exists (select 1 from event_values where is_refusal))
            and (not chosen.is_refusal or names.is_subscription)
        )
      )
),

from_notes as (
    select profile_key, 'note' as kind, 'notes' as place, body as written, false as is_taken_back, created_at as updated_at
    from staging.notes
    where fate = 'kept' and reads_as_refusal(body) and body not like '%://%'
),

-- What was said in a call or a meeting, and what somebody wrote; a footer of our own says how to unsubscribe.
from_activities as (
    select profile_key, 'activity' as kind, 'activities' as place, concat_ws(': ', subject, body) as written, false as is_taken_back, started_at as updated_at
    from staging.activities
    where fate = 'kept'
      and case
          when coalesce(kind, '') not in ('email', 'e-mail', 'mail') or regexp_matches(direction, '^(in|received|ein)') then reads_as_refusal(concat_ws(': ', subject, body))
          else direction is null and reads_as_refusal(subject)
      end
      and concat_ws(': ', subject, body) not like '%://%'
),

-- Columns beside a loyalty state or a member of a segment that speak of consent.
beside as (
    select loyalty.profile_key, names.written_name, json_extract_string(rows._extra, place_of(names.written_name)) as written, loyalty.updated_at
    from landed.loyalty as rows
    inner join spoken_names as names on names.entity = 'beside'
    inner join staging.loyalty as loyalty on loyalty.record_key = rows._file || ':' || rows._record
    union all
    select members.profile_key, names.written_name, json_extract_string(rows._extra, place_of(names.written_name)) as written, members.snapshot_at as updated_at
    from landed.segment_memberships as rows
    inner join spoken_names as names on names.entity = 'beside'
    inner join staging.segment_memberships as members on members.record_key = rows._file || ':' || rows._record
    where members.fate = 'kept'
),

refusing_beside as (
    select beside.written_name, beside.written
    from (select distinct written_name, written from beside where trim(written) <> '') as beside
    inner join spoken_names as names on names.entity = 'beside' and names.written_name = beside.written_name
    left join answers on answers.text = plain_word(beside.written)
    where reads_as_refusal(beside.written)
       or (names.is_agreement and answers.answer = 'no')
       or (names.is_refusal and answers.answer = 'yes')
),

from_beside as (
    select beside.profile_key, 'column' as kind, beside.written_name as place, beside.written_name || ': ' || beside.written as written, false as is_taken_back, beside.updated_at
    from beside
    semi join refusing_beside as refusing
        on refusing.written_name = beside.written_name
        and refusing.written = beside.written
),

-- A message that came back because somebody had unsubscribed or complained; one that arrived later takes it back.
refusing_results as (
    select status_raw, error_message
    from (select status_raw, error_message, count(*) as records from staging.interactions where fate = 'kept' group by all)
    where asked_once(
        records,
        reads_as_refusal(concat_ws(' ', status_raw, error_message))
            or regexp_full_match(status_raw, '(unsub|optout|opt.out|spam|complain|abuse|stop$).*')
    )
),

from_messages as (
    select
        messages.profile_key,
        'message' as kind,
        coalesce(messages.channel, 'messages') as place,
        concat_ws(': ', messages.status_raw, messages.error_message) as written,
        false as is_taken_back,
        messages.sent_at as updated_at,
    from staging.interactions as messages
    inner join refusing_results as results
        on results.status_raw is not distinct from messages.status_raw
        and results.error_message is not distinct from messages.error_message
    where messages.fate = 'kept'
),

taken_back_messages as (
    select
        refused.profile_key, refused.kind, refused.place, 'delivered' as written, true as is_taken_back, max(messages.sent_at) as updated_at,
    from (select profile_key, kind, place, max(updated_at) as updated_at from from_messages group by all) as refused
    inner join staging.interactions as messages
        on messages.profile_key = refused.profile_key
        and coalesce(messages.channel, 'messages') = refused.place
        and messages.sent_at > refused.updated_at
    where messages.fate = 'kept' and messages.is_delivered and not coalesce(messages.is_failed, false)
    group by refused.profile_key, refused.kind, refused.place
),

together as (
    select * from from_attributes
    union all
    select * from from_messages
    union all
    select * from taken_back_messages
    union all
    select * from from_tags
    union all
    select * from from_segments
    union all
    select * from from_events
    union all
    select * from from_notes
    union all
    select * from from_activities
    union all
    select * from from_beside
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
