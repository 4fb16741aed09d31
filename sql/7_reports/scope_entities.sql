-- What there is in Xtremepush, what moves, what is derived, and what stays behind.
-- one row per entity
with

ways as (
    select * from (values
        ('user_profiles', 'contacts'),
        ('attributes', 'custom fields of the contact'),
        ('attribute_definitions', 'labels and types of the custom fields'),
        ('tags', 'tags of the contact'),
        ('segments', 'tags, and the rules in the hand-over'),
        ('segment_memberships', 'tags of the contact'),
        ('consents', 'subscription and opt-out of the contact'),
        ('loyalty', 'points, tier and achievements of the contact'),
        ('campaigns', 'the campaign inventory, to be rebuilt'),
        ('campaign_interactions', 'a task per contact and campaign'),
        ('events', 'tasks, as the activity setting says'),
        ('devices', 'a file of push tokens; they do not migrate'),
        ('geofences', 'the inventory of places; they do not migrate'),
        ('gamification_rules', 'the inventory of loyalty mechanics; they do not migrate'),
        ('companies', 'accounts'),
        ('activities', 'phone calls, meetings and sales activities'),
        ('notes', 'notes'),
        ('documents', 'documents')
    ) as ways (entity, becomes)
),

-- from when to when the records of a kind are dated
times as (
    select 'user_profiles' as entity, min(created_at) as first_at, max(created_at) as last_at from staging.profiles
    union all
    select 'events', min(happened_at), max(happened_at) from staging.events
    union all
    select 'campaign_interactions', min(sent_at), max(sent_at) from staging.interactions
    union all
    select 'campaigns', min(created_at), max(created_at) from staging.campaigns
    union all
    select 'consents', min(updated_at), max(updated_at) from staging.consents
    union all
    select 'tags', min(hit_at), max(hit_at) from staging.tags
    union all
    select 'segments', min(created_at), max(created_at) from staging.segments
    union all
    select 'devices', min(created_at), max(last_session_at) from staging.devices
    union all
    select 'loyalty', min(updated_at), max(updated_at) from staging.loyalty
    union all
    select 'notes', min(created_at), max(created_at) from staging.notes
    union all
    select 'documents', min(created_at), max(created_at) from staging.documents
    union all
    select 'activities', min(started_at), max(started_at) from staging.activities
),

fates as (
    select
        entity,
        sum(records) filter (where fate in ('pending', 'conflict', 'unchanged', 'updated', 'created')) as moves,
        sum(records) filter (where fate in ('held', 'blocked')) as waits,
        sum(records) filter (where fate = 'refused') as refused,
        sum(records) filter (where fate = 'merged') as merged,
        sum(records) filter (where fate = 'summarised') as summarised,
        sum(records) filter (where fate = 'documented') as documented,
        sum(records) filter (where fate in ('anonymous', 'excluded', 'orphan', 'deleted')) as not_moved,
        string_agg(format('{:,}', records) || ': ' || reason, '; ' order by records desc, reason)
            filter (where fate in ('anonymous', 'excluded', 'orphan', 'deleted')) as note,
    from reports.fate_counts
    group by entity
)

select
    counts.position,
    counts.entity,
    counts.label,
    counts.records,
    times.first_at::date as first_on,
    times.last_at::date as last_on,
    counts.rejected,
    counts.repeated,
    coalesce(fates.moves, 0)::bigint as moves,
    coalesce(fates.waits, 0)::bigint as waits,
    coalesce(fates.refused, 0)::bigint as refused,
    coalesce(fates.merged, 0)::bigint as merged,
    coalesce(fates.summarised, 0)::bigint as summarised,
    coalesce(fates.documented, 0)::bigint as documented,
    coalesce(fates.not_moved, 0)::bigint as not_moved,
    ways.becomes,
    fates.note,
from reports.entity_counts as counts
left join fates on fates.entity = counts.entity
left join times on times.entity = counts.entity
left join ways on ways.entity = counts.entity
order by counts.position
