-- What the load costs on each plan for each way to carry activity: calls, and hours at that plan's quota. Who waits costs none.
-- one row per plan, activity_setting
with

waiting as (
    select entity, key
    from reports.targets
    where fate in ('held', 'blocked')
),

moving as (
    select entity, planned - held - blocked as records
    from reports.phases
),

-- Contacts and accounts go a hundred to a call, and each hundred is read back with one more. Whoever has a
-- company is linked to it with a call of their own. What customers' files hold is sent one by one.
fixed as (
    select
        sum(case when entity in ('contacts', 'accounts') then records end)::bigint as batched,
        sum(case when entity in ('contacts', 'accounts') then 2 * ceil(records / 100) end)::bigint as batched_calls,
        coalesce(sum(case when entity in ('deals', 'notes', 'documents') then records end), 0)::bigint
            + (
                select count(distinct records.target_key)
                from engagement.activity_records as records
                left join reports.targets as targets on targets.key = records.target_key
                anti join waiting on waiting.entity = targets.entity and waiting.key = records.target_key
                where records.entity = 'activities' and records.fate = 'carried'
            ) as single,
        (
            select count(*)
            from freshsales.contacts as contacts
            anti join waiting on waiting.entity = 'contacts' and waiting.key = contacts.contact_key
            where contacts.account_key is not null
        ) as links,
        -- Each field is made with a call of its own. Looking at the account, its lists and the records it has costs about
        -- as many calls for each kind of record.
        (select count(*) from freshsales.fields) + 7 * count(*) filter (where entity in ('contacts', 'accounts', 'deals') and records > 0) + 10 as looked_at,
    from moving
),

priced as (
    select
        plans.plan,
        settings_list.activity_setting,
        fixed.batched + fixed.single + settings_list.tasks as records,
        fixed.batched_calls + fixed.single + fixed.links + fixed.looked_at + settings_list.tasks as calls,
        try_cast(plans.calls_per_hour as bigint) as calls_per_hour,
        settings_list.position,
        settings_list.note,
    from settings.plans as plans
    cross join fixed
    cross join reports.activity_settings as settings_list
)

select
    plan,
    activity_setting,
    records,
    calls,
    round(calls / (0.95 * calls_per_hour), 1) as hours,
    note || case
        when activity_setting = (select activity_events from staging.typed_options) then ' (this is set now)'
        else ''
    end as note,
    calls_per_hour,
from priced
order by calls_per_hour, plan, position
