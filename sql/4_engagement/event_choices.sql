-- Which activity each event goes into: its own, a roll-up, or none, as the activity setting says.
-- one row per event_key
with

switches as (
    select
        (select value from staging.options where name = 'activity.events') as carried_how,
        (select try_cast(value as bigint) from staging.options where name = 'activity.latest_n') as latest_n,
        (select try_cast(value as bigint) from staging.options where name = 'activity.top_types') as top_types,
),

carried as (
    select facts.event_key, facts.person_key, facts.event_name, facts.happened_at, switches.*
    from engagement.event_facts as facts
    cross join switches
    where facts.standing = 'carried'
),

-- The rank among a person's events is only asked for when it matters.
latest as (
    select event_key
    from carried
    where carried_how = 'latest'
    qualify row_number() over (partition by person_key order by happened_at desc, event_key) <= latest_n
),

top_names as (
    select event_name
    from carried
    where carried_how = 'top'
    group by event_name, top_types
    qualify row_number() over (order by count(*) desc, event_name) <= top_types
),

chosen as (
    select
        carried.event_key,
        carried.person_key,
        carried.event_name,
        carried.happened_at,
        case carried_how
            when 'each' then 'event:' || carried.event_key
            when 'latest' then case when latest.event_key is not null then 'event:' || carried.event_key end
            when 'daily' then 'events:' || carried.person_key || ':' || strftime(carried.happened_at, '%Y-%m-%d')
            when 'weekly' then 'events:' || carried.person_key || ':' || strftime(date_trunc('week', carried.happened_at), '%Y-%m-%d')
            when 'top' then case when top_names.event_name is not null then 'events:' || carried.person_key || ':' || carried.event_name end
        end as activity_key,
        carried_how in ('daily', 'weekly', 'top') as is_rolled_up,
        case
            when carried_how = 'latest' and latest.event_key is null then 'not among the newest of the person'
            when carried_how = 'top' and top_names.event_name is null then 'not among the most frequent kinds'
            when carried_how in ('daily', 'weekly', 'top') then 'counted in a ' || carried_how || ' summary'
        end as reason,
    from carried
    left join latest on latest.event_key = carried.event_key
    left join top_names on top_names.event_name = carried.event_name
)

select * from chosen
