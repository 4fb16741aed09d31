-- Every behavioural event, with the profile that did it; the same event twice is a repeat.
-- one row per record_key
-- parts: by event_id
with

typed as (
    select
        _file || ':' || _record as record_key,
        nullif(trim(event_id), '') as event_id,
        nullif(trim(shown(event)), '') as event_name,
        nullif(trim(user_id), '') as user_id,
        nullif(trim(profile_id), '') as profile_id,
        nullif(trim(device_id), '') as device_id,
        nullif(trim(shown(value)), '') as value,
        instant(timestamp, orders.month_first['timestamp']) as happened_at,
        _landed_at as landed_at,
    from landed.events
    left join staging.time_orders as orders on orders.entity = 'events'
),

keyed as (
    select
        *,
        coalesce(event_id, md5(concat_ws('|', event_name, user_id, profile_id, device_id, happened_at::varchar, value))) as event_key,
    from typed
),

owned as (
    select keyed.*, named.profile_key
    from keyed
    left join staging.named_profiles as named
        on named.profile_id = coalesce(keyed.profile_id, '')
        and named.user_id = coalesce(keyed.user_id, '')
        and named.device_id = coalesce(keyed.device_id, '')
),

judged as (
    select
        * exclude (landed_at),
        case
            when row_number() over (partition by coalesce(event_key, record_key) order by record_key) = 1 then 'kept'
            else 'repeated'
        end as fate,
    from owned
)

select * from judged
