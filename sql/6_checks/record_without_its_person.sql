-- Records of a person, segment or campaign that was not exported cannot be carried over.
-- severity: note
-- fix: export the missing people, segments or campaigns too
with

orphans as (
    select entity, record_key, reason
    from engagement.activity_records
    where fate = 'orphan'
),

single as (
    select
        entity,
        record_key as key,
        null as field,
        null as value,
        reason,
        null as suggestion,
    from orphans
    where entity not in ('events', 'campaign_interactions', 'consents')
),

counted as (
    select
        entity,
        reason as key,
        null as field,
        count(*)::varchar as value,
        count(*) || ' records: ' || reason as reason,
        null as suggestion,
    from orphans
    where entity in ('events', 'campaign_interactions', 'consents')
    group by entity, orphans.reason
),

together as (
    select * from single
    union all
    select * from counted
)

select * from together
