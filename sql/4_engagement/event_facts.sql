-- Every event once, with the person who did it and whether it can be carried over.
-- one row per event_key
with

switches as (
    select
        (select activity_events from staging.typed_options) as carried_how,
        (select activity_future from staging.typed_options) as future,
        (select activity_since::timestamptz from staging.typed_options) as since,
        (select try_cast(value as timestamptz) from settings.run where name = 'run_at') + interval 1 day as latest,
),

known as (
    select
        events.event_key,
        events.record_key,
        events.profile_key,
        people.person_key,
        people.decided_by,
        events.event_name,
        events.value,
        events.device_id,
        excluded.reason as excluded_reason,
        excluded.event is not null as is_excluded,
        events.happened_at,
    from staging.events as events
    left join matching.people as people on people.profile_key = events.profile_key
    left join settings.excluded_events as excluded on excluded.event = events.event_name
    where events.fate = 'kept'
),

judged as (
    select
        known.*,
        case
            when profile_key is null then 'orphan'
            when decided_by = 'anonymous' then 'anonymous'
            when decided_by = 'deleted' then 'deleted'
            when is_excluded then 'excluded'
            when event_name is null then 'excluded'
            when happened_at is null then 'excluded'
            when happened_at < since then 'excluded'
            when happened_at > latest and future = 'exclude' then 'excluded'
            when carried_how = 'none' then 'excluded'
            else 'carried'
        end as standing,
        case
            when profile_key is null then 'the person is not in the profile export'
            when decided_by = 'anonymous' then 'done by an anonymous profile'
            when decided_by = 'deleted' then 'the person was deleted by decision'
            when is_excluded then coalesce(excluded_reason, 'this kind of event is left behind by agreement')
            when event_name is null then 'the event has no name'
            when happened_at is null then 'the event has no readable time'
            when happened_at < since then 'older than activity.since'
            when happened_at > latest and future = 'exclude' then 'its time lies in the future'
            when carried_how = 'none' then 'events are left behind by agreement'
        end as reason,
    from known
    cross join switches
)

select * from judged
