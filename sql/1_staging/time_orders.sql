-- How each time column of the export writes 03/04/2024: settled once per column, by the values that can be read one way only.
-- one row per entity
with

written as (
    select 'activities' as entity, 'start_time' as field, start_time as written from landed.activities
    union all
    select 'activities' as entity, 'end_time' as field, end_time as written from landed.activities
    union all
    select 'attributes' as entity, 'update_time' as field, update_time as written from landed.attributes
    union all
    select 'campaign_interactions' as entity, 'create_time' as field, create_time as written from landed.campaign_interactions
    union all
    select 'campaign_interactions' as entity, 'open_time' as field, open_time as written from landed.campaign_interactions
    union all
    select 'campaign_interactions' as entity, 'click_time' as field, click_time as written from landed.campaign_interactions
    union all
    select 'campaigns' as entity, 'create_time' as field, create_time as written from landed.campaigns
    union all
    select 'campaigns' as entity, 'activate_time' as field, activate_time as written from landed.campaigns
    union all
    select 'campaigns' as entity, 'deactivate_time' as field, deactivate_time as written from landed.campaigns
    union all
    select 'consents' as entity, 'update_time' as field, update_time as written from landed.consents
    union all
    select 'devices' as entity, 'create_time' as field, create_time as written from landed.devices
    union all
    select 'devices' as entity, 'update_time' as field, update_time as written from landed.devices
    union all
    select 'devices' as entity, 'last_session_time' as field, last_session_time as written from landed.devices
    union all
    select 'documents' as entity, 'created_at' as field, created_at as written from landed.documents
    union all
    select 'events' as entity, 'timestamp' as field, timestamp as written from landed.events
    union all
    select 'gamification_rules' as entity, 'valid_from' as field, valid_from as written from landed.gamification_rules
    union all
    select 'gamification_rules' as entity, 'valid_to' as field, valid_to as written from landed.gamification_rules
    union all
    select 'loyalty' as entity, 'last_active' as field, last_active as written from landed.loyalty
    union all
    select 'loyalty' as entity, 'updated_at' as field, updated_at as written from landed.loyalty
    union all
    select 'notes' as entity, 'created_at' as field, created_at as written from landed.notes
    union all
    select 'segment_memberships' as entity, 'snapshot_time' as field, snapshot_time as written from landed.segment_memberships
    union all
    select 'segments' as entity, 'create_time' as field, create_time as written from landed.segments
    union all
    select 'segments' as entity, 'update_time' as field, update_time as written from landed.segments
    union all
    select 'tags' as entity, 'hit_time' as field, hit_time as written from landed.tags
    union all
    select 'user_profiles' as entity, 'create_time' as field, create_time as written from landed.user_profiles
    union all
    select 'user_profiles' as entity, 'update_time' as field, update_time as written from landed.user_profiles
    union all
    select 'user_profiles' as entity, 'last_seen_time' as field, last_seen_time as written from landed.user_profiles
),

-- Most columns hold no such date at all: they begin with the year, and the rest is asked how it begins.
slashed as (
    select
        entity,
        field,
        try_cast(regexp_extract(written, '^\s*(\d{1,2})[/.-]\d{1,2}[/.-]\d{2,4}', 1) as integer) as first,
        try_cast(regexp_extract(written, '^\s*\d{1,2}[/.-](\d{1,2})[/.-]\d{2,4}', 1) as integer) as second,
    from written
    where written not like '20__-__-__%'
      and regexp_matches(written, '^\s*\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}')
),

counted as (
    select
        entity,
        field,
        count(*) filter (first > 12 and second <= 12) as only_day_first,
        count(*) filter (second > 12 and first <= 12) as only_month_first,
        count(*) filter (first <= 12 and second <= 12) as either,
    from slashed
    group by all
),

settled as (
    select
        *,
        case
            when only_month_first > only_day_first then true
            when only_day_first > only_month_first then false
            else (select dates_order from staging.typed_options) is not distinct from 'month_first'
        end as is_month_first,
        only_day_first = only_month_first and either > 0 as is_unclear,
    from counted
)

select
    entity,
    map_from_entries(list({'field': field, 'is_month_first': is_month_first} order by field)) as month_first,
    list(field order by field) filter (is_unclear) as unclear,
from settled
group by entity
