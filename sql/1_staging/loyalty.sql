-- The loyalty state of every player: balance, level, achievements.
-- one row per record_key
with

-- Whether this export writes a decimal comma, settled by the numbers that make sense one way only.
style as (
    select
        case count(*) filter (plain_number(written, true) is not null) - count(*) filter (plain_number(written, false) is not null)
            when 0 then (select numbers_decimal from staging.typed_options) is not distinct from 'comma'
            else count(*) filter (plain_number(written, true) is not null) > count(*) filter (plain_number(written, false) is not null)
        end as has_comma,
    from (select unnest([token_balance, available_tokens, experience]) as written from landed.loyalty)
),

typed as (
    select
        _file || ':' || _record as record_key,
        given(user_id) as user_id,
        given(player_id) as player_id,
        try_cast(plain_number(token_balance, style.has_comma) as double) as token_balance,
        try_cast(plain_number(available_tokens, style.has_comma) as double) as available_tokens,
        try_cast(trim(level_current) as integer) as level_number,
        given(level_name) as tier,
        try_cast(plain_number(experience, style.has_comma) as double) as experience,
        given(achievement_ids) as achievement_ids,
        given(badge_ids) as badge_ids,
        try_cast(plain_number(quest_completions_total, style.has_comma) as bigint) as quest_completions_total,
        instant(last_active, orders.month_first['last_active']) as last_active_at,
        instant(updated_at, orders.month_first['updated_at']) as updated_at,
        concat_ws(
            '; ',
            case when plain_number(token_balance, style.has_comma) is null then 'balance: ' || given(token_balance) end,
            case when plain_number(available_tokens, style.has_comma) is null then 'available: ' || given(available_tokens) end,
            case when try_cast(trim(level_current) as integer) is null then 'level: ' || given(level_current) end,
            case when trim(achievement_ids) like '[%' and try_cast(try_cast(achievement_ids as json) as varchar[]) is null then 'achievements: ' || achievement_ids end
        ) as unreadable,
        _landed_at as landed_at,
    from landed.loyalty
    cross join style
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
