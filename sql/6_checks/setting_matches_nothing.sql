-- Lines of lists that name something the export does not have: they change nothing, and are perhaps misspelt.
-- severity: note
-- fix: nothing you can do: your engineer looks at the line
-- engineer: correct or take out the line in sql/0_settings, then ferry transform; the nearest name stands beside it
with

lines as (
    select 'attribute_rules' as list, attribute as written from settings.attribute_rules
    union all
    select 'references' as list, attribute as written from settings."references"
    union all
    select 'excluded_events' as list, event as written from settings.excluded_events
    union all
    select 'clear_fields' as list, field as written from settings.clear_fields
    union all
    select 'owners' as list, lower(trim(value)) as written from settings.owners
    union all
    select 'lifecycle_map' as list, lower(trim(source)) as written from settings.lifecycle_map
    union all
    select 'deal_tiers' as list, lower(trim(tier)) as written from settings.deal_tiers
),

known as (
    select 'attribute_rules' as list, attribute as name from mapping.proposals
    union
    select 'references' as list, attribute as name from mapping.proposals
    union
    select 'excluded_events' as list, event_name as name from staging.events where event_name is not null
    union
    select 'clear_fields' as list, field as name from settings.standard_fields
    union
    select 'clear_fields' as list, name from freshsales.fields
    union
    select 'owners' as list, lower(trim(owner_text)) as name from mapping.standard_fields where trim(owner_text) <> ''
    union
    select 'lifecycle_map' as list, lower(original) as name from mapping.lifecycle
    union
    select 'deal_tiers' as list, lower(trim(tier)) as name from staging.loyalty where trim(tier) <> ''
),

unmatched as (
    select distinct lines.list, lines.written
    from lines
    anti join known on known.list = lines.list and known.name = lines.written
    where trim(lines.written) <> ''
),

nearest as (
    select
        unmatched.list,
        unmatched.written,
        max_by(known.name, jaro_winkler_similarity(lower(known.name), lower(unmatched.written))) filter (
            jaro_winkler_similarity(lower(known.name), lower(unmatched.written)) >= 0.8
        ) as name,
    from unmatched
    left join known on known.list = unmatched.list
    group by all
),

-- Of stages and tiers the lists know more than most exports have: only one that is written nearly so, and has no line, is told.
told as (
    select nearest.*
    from nearest
    left join lines on lines.list = nearest.list and lines.written = nearest.name
    where nearest.list not in ('lifecycle_map', 'deal_tiers')
       or nearest.name is not null and lines.list is null
)

select
    'settings' as entity,
    list || ': ' || written as key,
    list as field,
    written as value,
    'nothing in this export is called ' || written || coalesce('; perhaps ' || name || ' was meant', '') as reason,
    name as suggestion,
from told
