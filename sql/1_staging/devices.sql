-- Every device with its push token and the profile it belongs to.
-- one row per record_key
with

typed as (
    select
        _file || ':' || _record as record_key,
        nullif(trim(device_id), '') as device_id,
        nullif(trim(profile_id), '') as profile_id,
        nullif(trim(user_id), '') as user_id,
        nullif(trim(external_id), '') as external_id,
        lower(nullif(trim(type), '')) as platform,
        nullif(trim(token), '') as token,
        nullif(trim(environment), '') as environment,
        try_cast(trim(subscription) as boolean) as is_subscribed,
        try_cast(trim(registered) as boolean) as is_registered,
        nullif(trim(device_model), '') as device_model,
        nullif(trim(device_os), '') as device_os,
        nullif(trim(country), '') as country,
        nullif(trim(language), '') as language,
        nullif(trim(timezone), '') as timezone,
        instant(create_time, orders.month_first['create_time']) as created_at,
        instant(update_time, orders.month_first['update_time']) as updated_at,
        instant(last_session_time, orders.month_first['last_session_time']) as last_session_at,
        _landed_at as landed_at,
    from landed.devices
    left join staging.time_orders as orders on orders.entity = 'devices'
),

owned as (
    select typed.*, named.profile_key
    from typed
    left join staging.named_profiles as named
        on named.profile_id = coalesce(typed.profile_id, '')
        and named.user_id = coalesce(typed.user_id, '')
        and named.device_id = ''
),

judged as (
    select
        * exclude (landed_at),
        case
            when row_number() over (partition by coalesce(device_id, record_key) order by updated_at desc nulls last, landed_at desc, record_key desc) = 1 then 'kept'
            else 'repeated'
        end as fate,
    from owned
)

select * from judged
