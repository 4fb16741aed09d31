-- Every reward rule, quest, achievement and level, as the Loyalty Hub describes it.
-- one row per record_key
with

typed as (
    select
        _file || ':' || _record as record_key,
        coalesce(nullif(lower(trim(rule_kind)), ''), 'rule') as rule_kind,
        nullif(trim(rule_id), '') as rule_id,
        nullif(trim(name), '') as name,
        nullif(trim(title), '') as title,
        nullif(trim(description), '') as description,
        try_cast(trim(enabled) as boolean) as is_enabled,
        nullif(trim(event_name), '') as event_name,
        nullif(trim(conditions), '') as conditions,
        nullif(trim(reward), '') as reward,
        nullif(trim(definition), '') as definition,
        instant(valid_from, orders.month_first['valid_from']) as valid_from,
        instant(valid_to, orders.month_first['valid_to']) as valid_to,
        _landed_at as landed_at,
    from landed.gamification_rules
    left join staging.time_orders as orders on orders.entity = 'gamification_rules'
),

keyed as (
    select
        *,
        rule_kind || ':' || rule_id as rule_key,
    from typed
),

judged as (
    select
        * exclude (landed_at),
        case
            when row_number() over (partition by coalesce(rule_key, record_key) order by landed_at desc, record_key desc) = 1 then 'kept'
            else 'repeated'
        end as fate,
    from keyed
)

select * from judged
