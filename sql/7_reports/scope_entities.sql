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
        string_agg(records || ' ' || fate || ' (' || reason || ')', '; ' order by records desc, reason)
            filter (where fate in ('anonymous', 'excluded', 'orphan', 'deleted')) as note,
    from reports.fate_counts
    group by entity
)

select
    counts.position,
    counts.entity,
    counts.label,
    counts.records,
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
left join ways on ways.entity = counts.entity
order by counts.position
