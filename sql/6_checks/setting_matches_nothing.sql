-- Lines of lists and settings that name something the export does not have: they change nothing, and are perhaps misspelt.
-- severity: note
-- fix: nothing you can do: your engineer looks at the line
-- engineer: correct or take out the line that the finding names, then ferry transform; the nearest name stands beside it
with

options as (
    select * from staging.typed_options
),

-- what a list names, and whether only a line that is not ours can be a mistake: ours know more than most exports have
named as (
    select 'attribute_rules' as list, 'attribute' as "column", attribute as written, false as only_new from settings.attribute_rules
    union all
    select 'references' as list, 'attribute' as "column", attribute as written, false as only_new from settings."references"
    union all
    select 'excluded_events' as list, 'event' as "column", event as written, false as only_new from settings.excluded_events
    union all
    select 'clear_fields' as list, 'field' as "column", field as written, false as only_new from settings.clear_fields
    union all
    select 'owners' as list, 'value' as "column", lower(trim(value)) as written, false as only_new from settings.owners
    union all
    select 'lifecycle_map' as list, 'source' as "column", lower(trim(source)) as written, true as only_new from settings.lifecycle_map
    union all
    select 'deal_tiers' as list, 'tier' as "column", lower(trim(tier)) as written, true as only_new from settings.deal_tiers
    union all
    select 'standard_attributes' as list, 'attribute' as "column", attribute as written, true as only_new from settings.standard_attributes
    union all
    select 'matching' as list, 'attribute' as "column", attribute as written, true as only_new from settings.matching
    union all
    select 'survivorship' as list, 'field' as "column", field as written, true as only_new from settings.survivorship
    union all
    select 'gone_columns' as list, 'column' as "column", "column" as written, true as only_new from settings.gone_columns
    union all
    select 'consent_columns' as list, 'part' as "column", part as written, true as only_new from settings.consent_columns
    union all
    select 'reference_names' as list, 'part' as "column", part as written, true as only_new from settings.reference_names
    union all
    select 'deal_rules' as list, 'at_least' as "column", lower(trim(unnest(string_split(at_least, ';')))) as written, false as only_new
    from settings.deal_rules
    where measure = 'loyalty_tier'
    union all
    select 'deals.tiers' as list, 'value' as "column", lower(trim(unnest(string_split(deals_tiers, ';')))) as written, false as only_new
    from options
    where deals
    union all
    select 'engagement.session_events' as list, 'value' as "column", trim(unnest(string_split(engagement_session_events, ';'))) as written, true as only_new
    from options
),

attributes as (
    select attribute as name from mapping.proposals
    union
    select name from staging.attribute_names
),

tiers as (
    select lower(trim(tier)) as name from staging.loyalty where trim(tier) <> ''
    union
    select lower(trim(loyalty_tier)) as name from mapping.standard_fields where trim(loyalty_tier) <> ''
),

known as (
    select unnest(['attribute_rules', 'references', 'standard_attributes', 'matching', 'gone_columns']) as list, name from attributes
    union
    select unnest(['matching', 'survivorship']) as list, unnest([
        'email', 'mobile_number', 'whatsapp_number', 'first_name', 'last_name', 'language', 'timezone', 'country', 'company_name', 'lifecycle_stage', '*'
    ]) as name
    union
    select 'excluded_events' as list, event_name as name from staging.events where event_name is not null
    union
    select 'engagement.session_events' as list, event_name as name from staging.events where event_name is not null
    union
    select 'clear_fields' as list, field as name from settings.standard_fields
    union
    select 'clear_fields' as list, name from freshsales.fields
    union
    select 'owners' as list, lower(trim(owner_text)) as name from mapping.standard_fields where trim(owner_text) <> ''
    union
    select 'lifecycle_map' as list, lower(original) as name from mapping.lifecycle
    union
    select unnest(['deal_tiers', 'deal_rules', 'deals.tiers']) as list, name from tiers
),

-- where the line stands; an option may stand in ferry.yaml too
places as (
    select list, file, line, cells, is_new = 'true' as is_new
    from settings.list_lines
),

placed as (
    select distinct on (named.list, named.written)
        named.list,
        named.written,
        coalesce(
            case when scope.name is not null then 'ferry.yaml, scope.' || scope.name end,
            places.file || ', line ' || places.line,
            'sql/0_settings/' || if(contains(named.list, '.'), 'options', named.list) || '.csv'
        ) as place,
        named.only_new and not coalesce(places.is_new, scope.name is not null) as is_ours,
    from named
    left join settings.scope as scope on scope.name = named.list
    left join places
        on places.list = if(contains(named.list, '.'), 'options', named.list)
        and if(
            contains(named.list, '.'),
            places.cells ->> 'name' = named.list,
            list_contains(string_split(lower(places.cells ->> named."column"), ';'), lower(named.written))
                or lower(trim(places.cells ->> named."column")) = lower(named.written)
        )
    where trim(named.written) <> ''
    order by named.list, named.written, try_cast(places.line as bigint)
),

unmatched as (
    select placed.*
    from placed
    anti join known on known.list = placed.list and known.name = placed.written
    -- a part of a name is found anywhere in it
    where placed.list not in ('consent_columns', 'reference_names', 'gone_columns')
       or not exists (
            from attributes
            where contains('_' || attributes.name || '_', ltrim(placed.written, '='))
        )
),

nearest as (
    select
        unmatched.*,
        max_by(known.name, jaro_winkler_similarity(lower(known.name), lower(unmatched.written))) filter (
            jaro_winkler_similarity(lower(known.name), lower(unmatched.written)) >= 0.8
        ) as name,
    from unmatched
    left join known on known.list = unmatched.list
    group by all
),

-- Of what our own lists know only a stage or tier that is written nearly so, and has no line of its own, is told.
told as (
    select nearest.*
    from nearest
    left join placed on placed.list = nearest.list and placed.written = nearest.name
    where not nearest.is_ours
       or nearest.list in ('lifecycle_map', 'deal_tiers') and nearest.name is not null and placed.list is null
)

select
    'settings' as entity,
    list || ': ' || written as key,
    list as field,
    written as value,
    place || ': nothing in this export is called ' || written || coalesce('; perhaps ' || name || ' was meant', '') as reason,
    name as suggestion,
from told
