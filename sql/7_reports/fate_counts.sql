-- What became of the records of every landed table, counted by fate and reason.
-- one row per entity, fate, reason
with

-- A reason that quotes a record is shortened to what it has in common with others.
listed as (
    select
        entity,
        fate,
        case
            when fate = 'merged' and entity = 'user_profiles' then 'the same person as another profile'
            when fate = 'held' then 'waits for an answer in the quality workbook'
            when fate = 'refused' then 'refused by Freshsales'
            else regexp_replace(coalesce(reason, fate), '\bJSON\b', 'record', 'g')
        end as reason,
    from reports.fates
),

activity as (
    select
        records.entity,
        case when records.fate = 'carried' then coalesce(targets.fate, 'blocked') else records.fate end as fate,
        case
            when records.fate <> 'carried' then coalesce(records.reason, records.fate)
            when targets.fate = 'held' then 'waits for an answer in the quality workbook'
            when targets.fate = 'refused' then 'refused by Freshsales'
            when targets.fate is null then 'its contact is not sent'
            else coalesce(targets.reason, targets.fate)
        end as reason,
    from engagement.activity_records as records
    left join reports.targets as targets
        on targets.key = case when records.fate = 'carried' then records.target_key end
        and targets.entity <> 'contacts'
        and targets.entity <> 'accounts'
),

inventories as (
    select 'devices' as entity, fate, 'push tokens are listed in a file, they do not migrate' as reason from staging.devices
    union all
    select 'geofences' as entity, fate, 'listed in the hand-over' as reason from staging.geofences
    union all
    select 'gamification_rules' as entity, fate, 'listed in the hand-over' as reason from staging.gamification_rules
    union all
    select 'attribute_definitions' as entity, fate, 'used to name and type the attributes' as reason from staging.attribute_definitions
),

documented as (
    select
        entity,
        case when fate = 'repeated' then 'repeated' else 'documented' end as fate,
        case when fate = 'repeated' then 'the same record again' else reason end as reason,
    from inventories
),

unreadable as (
    select entity, 'rejected' as fate, regexp_replace(reason, '\bJSON\b', 'record', 'g') as reason
    from staging.rejects
    where entity not in ('user_profiles', 'companies', 'segments', 'campaigns')
),

together as (
    select * from listed
    union all
    select * from activity
    union all
    select * from documented
    union all
    select * from unreadable
)

select entity, fate, reason, count(*) as records
from together
group by entity, fate, reason
order by entity, records desc, fate, reason
