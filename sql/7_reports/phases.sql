-- What was planned for each kind of record, and what came of it.
-- one row per entity
with

outcomes as (
    select
        entity,
        count(*) as wanted,
        count(*) filter (where fate = 'created') as created,
        count(*) filter (where fate = 'updated') as updated,
        count(*) filter (where fate = 'unchanged') as unchanged,
        count(*) filter (where fate = 'conflict') as conflict,
        count(*) filter (where fate = 'refused') as refused,
        count(*) filter (where fate = 'held') as held,
        count(*) filter (where fate = 'blocked') as blocked,
        count(*) filter (where fate = 'pending') as pending,
    from reports.targets
    group by entity
),

-- What was planned is what the models want, and what only the plan knows.
planned_besides as (
    select plan.entity, count(distinct plan.key) as records
    from loaded.plan as plan
    anti join reports.targets as targets on targets.entity = plan.entity and targets.key = plan.key
    group by plan.entity
),

withheld as (
    select entity, count(*) as withheld_fields
    from reports.withheld
    group by entity
),

ordered as (
    select * from (values
        (1::bigint, 'contacts', 'Contacts'), (2, 'accounts', 'Accounts'), (10, 'account_links', 'Account links'), (3, 'deals', 'Deals'), (4, 'tasks', 'Tasks'),
        (5, 'notes', 'Notes'), (6, 'phone_calls', 'Phone calls'), (7, 'appointments', 'Meetings'),
        (8, 'sales_activities', 'Sales activities'), (9, 'documents', 'Documents')
    ) as ordered (position, entity, phase)
)

select
    ordered.position,
    ordered.phase,
    ordered.entity,
    coalesce(outcomes.wanted, 0) + coalesce(planned_besides.records, 0) as planned,
    coalesce(outcomes.created, 0) as created,
    coalesce(outcomes.updated, 0) as updated,
    coalesce(outcomes.unchanged, 0) as unchanged,
    coalesce(outcomes.conflict, 0) as conflict,
    coalesce(outcomes.refused, 0) as refused,
    coalesce(outcomes.held, 0) as held,
    coalesce(outcomes.blocked, 0) as blocked,
    coalesce(outcomes.pending, 0) as pending,
    coalesce(withheld.withheld_fields, 0) as withheld_fields,
    concat_ws(
        '; ',
        case when outcomes.held > 0 then outcomes.held || ' wait for an answer in the quality workbook' end,
        case when outcomes.blocked > 0 then outcomes.blocked || ' wait for their contact' end,
        case when outcomes.refused > 0 then outcomes.refused || ' refused by Freshsales, see the list' end,
        case when outcomes.conflict > 0 then outcomes.conflict || ' left as a person changed them' end,
        case when outcomes.pending > 0 then outcomes.pending || ' not sent yet' end
    ) as why,
from ordered
left join outcomes on outcomes.entity = ordered.entity
left join planned_besides on planned_besides.entity = ordered.entity
left join withheld on withheld.entity = ordered.entity
order by ordered.position
