-- What each activity setting would send: so many tasks, so many calls.
-- one row per activity_setting
with

-- Nothing is sent about a person who waits.
waiting as (
    select key as person_key
    from reports.targets
    where entity = 'contacts'
      and fate in ('held', 'blocked')
),

possible as (
    select facts.person_key, facts.event_key, facts.event_name, facts.happened_at
    from engagement.event_facts as facts
    anti join waiting on waiting.person_key = facts.person_key
    where facts.standing = 'carried'
       or facts.reason = 'events are left behind by agreement'
),

limits as (
    select
        (select activity_latest_n from staging.typed_options) as latest_n,
        (select activity_top_types from staging.typed_options) as top_types,
),

per_person as (
    select person_key, count(*) as events
    from possible
    group by person_key
),

top_names as (
    select event_name
    from possible
    group by event_name
    qualify row_number() over (order by count(*) desc, event_name) <= (select top_types from limits)
),

-- Campaigns are carried as they are set now, whatever becomes of events.
campaigns as (
    select count(distinct choices.activity_key) as tasks
    from engagement.campaign_choices as choices
    anti join waiting on waiting.person_key = choices.person_key
)

select 1::bigint as position, 'each' as activity_setting, count(*) + (select tasks from campaigns) as tasks, 'one task for every event' as note from possible
union all
select 2, 'latest', coalesce(sum(least(events, (select latest_n from limits))), 0)::bigint + (select tasks from campaigns), 'the newest ' || (select latest_n from limits) || ' events of each contact' from per_person
union all
select 3, 'daily', count(distinct (person_key, source_day(happened_at))) + (select tasks from campaigns), 'one summary per contact and day' from possible
union all
select 4, 'weekly', count(distinct (person_key, date_trunc('week', source_day(happened_at)))) + (select tasks from campaigns), 'one summary per contact and week' from possible
union all
select 5, 'top', count(distinct (person_key, event_name)) + (select tasks from campaigns), 'one summary per contact for each of the ' || (select top_types from limits) || ' most frequent events'
from possible semi join top_names on top_names.event_name = possible.event_name
union all
select 6, 'none', (select tasks from campaigns), 'no events, only campaigns'
order by position
