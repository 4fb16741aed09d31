-- Every event with the activity it goes into: its own, a roll-up, or none, as the activity setting says.
-- one row per event_key
-- view
with

-- Not kept: under a step that is kept, a view works out all its columns, whichever of them are asked for.
switches as not materialized (
    select activity_events as carried_how, activity_latest_n as latest_n, activity_top_types as top_types
    from staging.typed_options
),

-- The rank among a person's events is only asked for when it matters.
latest as (
    select facts.event_key
    from engagement.event_facts as facts
    cross join switches
    where facts.standing = 'carried'
      and switches.carried_how = 'latest'
    qualify row_number() over (partition by facts.person_key order by facts.happened_at desc, facts.event_key) <= switches.latest_n
),

top_names as (
    select facts.event_name
    from engagement.event_facts as facts
    cross join switches
    where facts.standing = 'carried'
      and switches.carried_how = 'top'
    group by facts.event_name, switches.top_types
    qualify row_number() over (order by count(*) desc, facts.event_name) <= switches.top_types
),

chosen as (
    select
        facts.* exclude (reason),
        case
            when facts.standing <> 'carried' then null
            when carried_how = 'each' then 'event:' || facts.event_key
            when carried_how = 'latest' and latest.event_key is not null then 'event:' || facts.event_key
            when carried_how = 'daily' then 'events:' || facts.person_key || ':' || strftime(source_day(facts.happened_at), '%Y-%m-%d')
            when carried_how = 'weekly' then 'events:' || facts.person_key || ':' || strftime(date_trunc('week', source_day(facts.happened_at)), '%Y-%m-%d')
            when carried_how = 'top' and top_names.event_name is not null then 'events:' || facts.person_key || ':' || facts.event_name
        end as activity_key,
        carried_how in ('daily', 'weekly', 'top') as is_rolled_up,
        case
            when facts.standing <> 'carried' then facts.reason
            when carried_how = 'latest' and latest.event_key is null then 'not among the newest of the person'
            when carried_how = 'top' and top_names.event_name is null then 'not among the most frequent kinds'
            when carried_how in ('daily', 'weekly', 'top') then 'counted in a ' || carried_how || ' summary'
        end as reason,
    from engagement.event_facts as facts
    cross join switches
    left join latest on latest.event_key = facts.event_key
    left join top_names on top_names.event_name = facts.event_name
)

select * from chosen
