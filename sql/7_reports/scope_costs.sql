-- What the load costs on each plan for each way to carry activity: calls, and hours at that plan's quota.
-- one row per plan, activity_setting
with

-- Contacts and accounts go a hundred to a call, and each hundred is read back with one more. Whoever has a
-- company is linked to it with a call of their own. What customers' files hold is sent one by one.
fixed as (
    select
        sum(case when entity in ('contacts', 'accounts') then planned end)::bigint as batched,
        sum(case when entity in ('contacts', 'accounts') then 2 * ceil(planned / 100) end)::bigint as batched_calls,
        coalesce(sum(case when entity in ('deals', 'notes', 'documents') then planned end), 0)::bigint
            + (select count(distinct target_key) from engagement.activity_records where entity = 'activities' and fate = 'carried') as single,
        (select count(*) from freshsales.contacts where account_key is not null) as links,
    from reports.phases
),

priced as (
    select
        plans.plan,
        settings_list.activity_setting,
        fixed.batched + fixed.single + settings_list.tasks as records,
        fixed.batched_calls + fixed.single + fixed.links + settings_list.tasks as calls,
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
