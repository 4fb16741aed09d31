-- How many records of each table were read, landed, rejected, repeated, and how many different ones there are.
-- one row per entity
with

-- Different records are counted by their keys, not by what any model said about them.
different as (
    select 'user_profiles' as entity, count(distinct own_key) as distinct_records from staging.profile_records
    union all
    select 'attributes' as entity, count(distinct owner_type || '|' || coalesce(case when owner_type <> 'device' then profile_key end, owner_id, record_key) || '|' || name) as distinct_records from staging.attribute_records
    union all
    select 'attribute_definitions' as entity, count(distinct coalesce(nullif(name, ''), record_key)) as distinct_records from staging.attribute_definitions
    union all
    select 'tags' as entity, count(distinct tag_key) as distinct_records from staging.tags
    union all
    select 'segments' as entity, count(distinct coalesce(segment_key, record_key)) as distinct_records from staging.segments
    union all
    select 'segment_memberships' as entity, count(distinct concat_ws('|', segment_key, coalesce(profile_key, profile_id, user_id, device_id, identifier, record_key))) as distinct_records from staging.segment_memberships where not is_superseded
    union all
    select 'consents' as entity, count(distinct consent_key) as distinct_records from staging.consents
    union all
    select 'loyalty' as entity, count(distinct coalesce(user_id, record_key)) as distinct_records from staging.loyalty
    union all
    select 'campaigns' as entity, count(distinct coalesce(campaign_id, record_key)) as distinct_records from staging.campaigns
    union all
    select 'campaign_interactions' as entity, count(distinct interaction_key) as distinct_records from staging.interactions
    union all
    select 'events' as entity, count(distinct event_key) as distinct_records from staging.events
    union all
    select 'devices' as entity, count(distinct coalesce(device_id, record_key)) as distinct_records from staging.devices
    union all
    select 'geofences' as entity, count(distinct coalesce(location_key, record_key)) as distinct_records from staging.geofences
    union all
    select 'gamification_rules' as entity, count(distinct coalesce(rule_key, record_key)) as distinct_records from staging.gamification_rules
    union all
    select 'companies' as entity, count(distinct company_key) as distinct_records from staging.companies
    union all
    select 'activities' as entity, count(distinct activity_id) as distinct_records from staging.activities
    union all
    select 'notes' as entity, count(distinct note_id) as distinct_records from staging.notes
    union all
    select 'documents' as entity, count(distinct document_id) as distinct_records from staging.documents
),

read as (
    select entity, sum(records)::bigint as records
    from staging.sources
    group by entity
),

rejected as (
    select entity, count(*) as rejected
    from staging.rejects
    group by entity
),

repeated as (
    select entity, sum(records)::bigint as repeated
    from reports.fate_counts
    where fate = 'repeated'
    group by entity
)

select
    counted_rows.position,
    counted_rows.entity,
    counted_rows.label,
    coalesce(read.records, 0) as records,
    counted_rows.landed,
    coalesce(rejected.rejected, 0) as rejected,
    different.distinct_records,
    coalesce(repeated.repeated, 0) as repeated,
from staging.landed_counts as counted_rows
left join read on read.entity = counted_rows.entity
left join rejected on rejected.entity = counted_rows.entity
left join different on different.entity = counted_rows.entity
left join repeated on repeated.entity = counted_rows.entity
order by counted_rows.position
