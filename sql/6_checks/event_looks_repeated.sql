-- Events with different ids but the same person, name, time and value may be one event sent twice.
-- severity: note
-- fix: nothing to do if they really happened twice within a second
with

-- Most events are like no other: their hashes are counted before any is looked at.
often as (
    select hash(person_key, event_name, happened_at, value) as content_hash
    from engagement.event_facts
    where standing = 'carried'
    group by content_hash
    having count(*) > 1
),

alike as (
    select
        person_key,
        event_name,
        happened_at,
        min(record_key) as record_key,
        count(*) as events,
    from engagement.event_facts
    where standing = 'carried'
      and hash(person_key, event_name, happened_at, value) in (select content_hash from often)
    group by person_key, event_name, happened_at, value
    having count(*) > 1
),

kinds as (
    select
        event_name,
        min(record_key) as record_key,
        count(*) as times,
        count(distinct person_key) as people,
        sum(events)::bigint as events,
    from alike
    group by event_name
),

-- Where it happens all the time it is how the source writes this kind of event: one fact, not a thousand.
told as (
    select
        alike.record_key as key,
        alike.event_name,
        alike.events,
        alike.events || ' events with different ids and the same content at ' || strftime(alike.happened_at, '%Y-%m-%d %H:%M:%S') as reason,
    from alike
    inner join kinds on kinds.event_name = alike.event_name
    where kinds.times <= 100
    union all
    select
        record_key as key,
        event_name,
        events,
        events || ' events of this kind have different ids and the same content as another of the same second, of '
            || people || ' people; the first is ' || record_key as reason,
    from kinds
    where times > 100
)

select
    'events' as entity,
    key,
    event_name as field,
    events::varchar as value,
    reason,
    null as suggestion,
from told
