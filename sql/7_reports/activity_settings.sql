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

-- People by a number: millions of events are told apart by it in a fraction of the time.
people as (
    select golden.person_key, row_number() over (order by golden.person_key) as person
    from matching.golden as golden
    anti join waiting on waiting.person_key = golden.person_key
),

possible as (
    select people.person, facts.event_name, source_day(facts.happened_at) as day
    from engagement.event_facts as facts
    inner join people on people.person_key = facts.person_key
    where facts.standing = 'carried'
       or facts.reason = 'events are left behind by agreement'
),

limits as (
    select
        (select activity_latest_n from staging.typed_options) as latest_n,
        (select activity_top_types from staging.typed_options) as top_types,
),

per_name as (
    select person, event_name, count(*) as events
    from possible
    group by person, event_name
),

per_day as (
    select distinct person, day
    from possible
),

per_week as (
    select distinct person, date_trunc('week', day) as week
    from per_day
),

per_person as (
    select person, sum(events) as events
    from per_name
    group by person
),

top_names as (
    select event_name
    from per_name
    group by event_name
    qualify row_number() over (order by sum(events) desc, event_name) <= (select top_types from limits)
),

-- Campaigns are carried as they are set now, whatever becomes of events.
campaigns as (
    select count(distinct choices.activity_key) as tasks
    from engagement.campaign_choices as choices
    anti join waiting on waiting.person_key = choices.person_key
)

select 1::bigint as position, 'each' as activity_setting, coalesce(sum(events), 0)::bigint + (select tasks from campaigns) as tasks, 'one task for every event' as note from per_person
union all
select 2, 'latest', coalesce(sum(least(events, (select latest_n from limits))), 0)::bigint + (select tasks from campaigns), 'the newest ' || (select latest_n from limits) || ' events of each contact' from per_person
union all
select 3, 'daily', count(*) + (select tasks from campaigns), 'one summary per contact and day' from per_day
union all
select 4, 'weekly', count(*) + (select tasks from campaigns), 'one summary per contact and week' from per_week
union all
select 5, 'top', count(*) + (select tasks from campaigns), 'one summary per contact for each of the ' || (select top_types from limits) || ' most frequent events'
from per_name semi join top_names on top_names.event_name = per_name.event_name
union all
select 6, 'none', (select tasks from campaigns), 'no events, only campaigns'
order by position
