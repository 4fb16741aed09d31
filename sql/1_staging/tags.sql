-- Every tag hit, with the profile it belongs to; the same hit twice is a repeat.
-- one row per record_key
with

typed as (
    select
        _file || ':' || _record as record_key,
        nullif(trim(tag_hit_id), '') as tag_hit_id,
        nullif(trim(shown(tag_name)), '') as tag_name,
        nullif(trim(shown(value)), '') as value,
        nullif(trim(device_id), '') as device_id,
        nullif(trim(profile_id), '') as profile_id,
        nullif(trim(user_id), '') as user_id,
        instant(hit_time, orders.month_first['hit_time']) as hit_at,
        _landed_at as landed_at,
    from landed.tags
    left join staging.time_orders as orders on orders.entity = 'tags'
),

keyed as (
    select
        *,
        coalesce(tag_hit_id, md5(concat_ws('|', tag_name, value, device_id, profile_id, user_id, hit_at::varchar))) as tag_key,
    from typed
),

owned as (
    select keyed.*, coalesce(named.profile_key, by_device.profile_key) as profile_key
    from keyed
    left join staging.named_profiles as named
        on named.profile_id = coalesce(keyed.profile_id, '')
        and named.user_id = coalesce(keyed.user_id, '')
        and named.device_id = ''
    left join staging.named_profiles as by_device
        on by_device.profile_id = ''
        and by_device.user_id = ''
        and by_device.device_id = keyed.device_id
),

judged as (
    select
        * exclude (landed_at),
        case
            when row_number() over (partition by coalesce(tag_key, record_key) order by landed_at desc, record_key desc) = 1 then 'kept'
            else 'repeated'
        end as fate,
    from owned
)

select * from judged
