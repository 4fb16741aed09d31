-- Sums that must be equal, each side counted on its own way; a run with a false one is not finished.
-- one row per equation, entity
with

counts as (
    select * from reports.entity_counts
),

fates as (
    select
        entity,
        sum(records)::bigint as records,
        sum(records) filter (where fate not in (
            'rejected', 'repeated', 'anonymous', 'excluded', 'merged', 'orphan', 'summarised', 'documented', 'deleted',
            'held', 'blocked', 'pending', 'refused', 'conflict', 'unchanged', 'updated', 'created'
        ))::bigint as unknown_fates,
    from reports.fate_counts
    where fate not in ('rejected', 'repeated')
    group by entity
),

read_is_landed_and_rejected as (
    select
        'every record was read, or is listed as unreadable' as equation,
        entity,
        'records in the exports' as left_name,
        records as left_value,
        'those that could be read, and those that could not' as right_name,
        landed + rejected as right_value,
    from counts
    where records + landed + rejected > 0
),

landed_is_different_and_repeated as (
    select
        'every record that was read is a new one or a repeat' as equation,
        entity,
        'records that could be read' as left_name,
        landed as left_value,
        'different ones, and repeats of them' as right_name,
        distinct_records + repeated as right_value,
    from counts
    where landed > 0
),

different_have_fates as (
    select
        'every record is counted once' as equation,
        counts.entity,
        'different records' as left_name,
        counts.distinct_records as left_value,
        'all that became of them, added up' as right_name,
        coalesce(fates.records, 0) - coalesce(fates.unknown_fates, 0) as right_value,
    from counts
    left join fates on fates.entity = counts.entity
    where counts.landed > 0
),

-- People on one side, contacts on the other, each counted where it lives.
people_are_contacts as (
    select
        'every person is a contact' as equation,
        'contacts' as entity,
        'people who are known, not deleted and not left behind' as left_name,
        (
            select count(distinct people.person_key)
            from matching.people as people
            where people.decided_by not in ('anonymous', 'deleted')
        ) - (select count(*) from mapping.left_behind) as left_value,
        'contacts' as right_name,
        (select count(*) from freshsales.contacts) as right_value,
),

carried_are_activities as (
    select
        'every carried activity is sent as something' as equation,
        'activities' as entity,
        'different activities that records go into' as left_name,
        (
            select count(distinct target_key)
            from engagement.activity_records
            where fate in ('carried', 'summarised') and target_key is not null
        ) as left_value,
        'tasks, sales activities, calls, meetings, notes, documents' as right_name,
        (select count(*) from freshsales.tasks)
            + (select count(*) from freshsales.sales_activities)
            + (select count(*) from freshsales.phone_calls)
            + (select count(*) from freshsales.appointments)
            + (select count(*) from freshsales.notes)
            + (select count(*) from freshsales.documents) as right_value,
),

planned_have_outcomes as (
    select
        'every planned record has one outcome' as equation,
        phases.entity,
        'planned' as left_name,
        phases.planned as left_value,
        'created, updated, right already, left as changed there, refused, waiting, not sent yet' as right_name,
        created + updated + unchanged + conflict + refused + held + blocked + pending as right_value,
    from reports.phases as phases
    where phases.planned > 0
),

together as (
    select * from read_is_landed_and_rejected
    union all
    select * from landed_is_different_and_repeated
    union all
    select * from different_have_fates
    union all
    select * from people_are_contacts
    union all
    select * from carried_are_activities
    union all
    select * from planned_have_outcomes
)

select
    *,
    left_value = right_value as is_true,
from together
order by equation, entity
