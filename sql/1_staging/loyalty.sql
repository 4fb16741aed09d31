-- The loyalty state of every player: balance, level, achievements.
-- one row per record_key
with

typed as (
    select
        _file || ':' || _record as record_key,
        nullif(trim(user_id), '') as user_id,
        nullif(trim(player_id), '') as player_id,
        try_cast(trim(token_balance) as double) as token_balance,
        try_cast(trim(available_tokens) as double) as available_tokens,
        try_cast(trim(level_current) as integer) as level_number,
        nullif(trim(level_name), '') as tier,
        try_cast(trim(experience) as double) as experience,
        nullif(trim(achievement_ids), '') as achievement_ids,
        nullif(trim(badge_ids), '') as badge_ids,
        try_cast(trim(quest_completions_total) as bigint) as quest_completions_total,
        instant(last_active, orders.month_first['last_active']) as last_active_at,
        instant(updated_at, orders.month_first['updated_at']) as updated_at,
        _landed_at as landed_at,
    from landed.loyalty
    left join staging.time_orders as orders on orders.entity = 'loyalty'
),

owned as (
    select typed.*, named.profile_key
    from typed
    left join staging.named_profiles as named
        on named.profile_id = ''
        and named.user_id = coalesce(typed.user_id, '')
        and named.device_id = ''
),

judged as (
    select
        * exclude (landed_at),
        case
            when row_number() over (partition by coalesce(user_id, record_key) order by updated_at desc nulls last, landed_at desc, record_key desc) = 1 then 'kept'
            else 'repeated'
        end as fate,
    from owned
)

select * from judged
