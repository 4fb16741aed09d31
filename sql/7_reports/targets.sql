-- Every record that should be in Freshsales, and how far it has come.
-- one row per entity, key
with

wanted as (
    select 'contacts' as entity, contact_key as key, contact_key as contact_key from freshsales.contacts
    union all
    select 'accounts' as entity, account_key as key, null as contact_key from freshsales.accounts
    union all
    select 'deals' as entity, deal_key as key, contact_key as contact_key from freshsales.deals
    union all
    select 'tasks' as entity, task_key as key, contact_key as contact_key from freshsales.tasks
    union all
    select 'notes' as entity, note_key as key, contact_key as contact_key from freshsales.notes
    union all
    select 'phone_calls' as entity, phone_call_key as key, contact_key as contact_key from freshsales.phone_calls
    union all
    select 'appointments' as entity, appointment_key as key, contact_key as contact_key from freshsales.appointments
    union all
    select 'sales_activities' as entity, sales_activity_key as key, contact_key as contact_key from freshsales.sales_activities
    union all
    select 'documents' as entity, document_key as key, contact_key as contact_key from freshsales.documents
    union all
    -- Links from contacts to accounts are planned by the load, not by a model.
    select entity, key, key as contact_key from loaded.plan where entity = 'account_links'
),

held as (
    select entity, key, string_agg(distinct reason, '; ' order by reason) as reason
    from checks.findings
    where is_held
    group by entity, key
),

-- Before anything is sent, only holds are known; a child of a held contact is blocked.
foreseen as (
    select
        wanted.*,
        case
            when own.key is not null then 'held'
            when wanted.entity <> 'contacts' and parents.key is not null then 'blocked'
            else 'pending'
        end as fate,
        case
            when own.key is not null then own.reason
            when wanted.entity <> 'contacts' and parents.key is not null then 'its contact is held'
            else 'not sent yet'
        end as reason,
    from wanted
    left join held as own on own.entity = wanted.entity and own.key = wanted.key
    left join held as parents on parents.entity = 'contacts' and parents.key = wanted.contact_key
),

-- The load knows better: its outcome first, then what it planned.
settled as (
    select
        foreseen.entity,
        foreseen.key,
        foreseen.contact_key,
        coalesce(
            outcomes.outcome,
            case when plan.action in ('held', 'blocked', 'unchanged', 'conflict') then plan.action end,
            foreseen.fate
        ) as fate,
        case
            when outcomes.outcome is not null then coalesce(outcomes.reason, case when outcomes.outcome in ('held', 'blocked') then foreseen.reason end)
            when plan.action in ('held', 'blocked', 'unchanged', 'conflict') then coalesce(plan.reason, foreseen.reason)
            else foreseen.reason
        end as reason,
        coalesce(outcomes.target_id, plan.target_id) as target_id,
        plan.key is not null as is_planned,
    from foreseen
    left join loaded.plan as plan on plan.entity = foreseen.entity and plan.key = foreseen.key
    left join loaded.outcomes as outcomes on outcomes.entity = foreseen.entity and outcomes.key = foreseen.key
)

select * from settled
