-- Every consent record: changes of a channel, and named preferences; the same record twice is a repeat.
-- one row per record_key
with

typed as (
    select
        _file || ':' || _record as record_key,
        nullif(trim(consent_id), '') as consent_id,
        nullif(trim(profile_id), '') as profile_id,
        nullif(trim(user_id), '') as user_id,
        nullif(trim(device_id), '') as device_id,
        lower(nullif(trim(channel), '')) as channel_raw,
        nullif(trim(preference_name), '') as preference_name,
        nullif(trim(preference_type), '') as preference_type,
        nullif(trim(address), '') as address,
        lower(nullif(trim(status), '')) as status_raw,
        nullif(trim(source), '') as source,
        try_cast(trim(update_is_external) as boolean) as is_external,
        nullif(trim(metadata), '') as metadata,
        instant(update_time, orders.month_first['update_time']) as updated_at,
        _landed_at as landed_at,
    from landed.consents
    left join staging.time_orders as orders on orders.entity = 'consents'
),

keyed as (
    select
        *,
        coalesce(consent_id, md5(concat_ws('|', profile_id, user_id, device_id, channel_raw, preference_name, address, status_raw, updated_at::varchar))) as consent_key,
    from typed
),

owned as (
    select
        keyed.*,
        coalesce(by_profile.profile_key, by_user.profile_key, by_device.profile_key) as profile_key,
    from keyed
    left join staging.identities as by_profile
        on by_profile.kind = 'profile' and by_profile.id = keyed.profile_id
    left join staging.identities as by_user
        on by_user.kind = 'user' and by_user.id = keyed.user_id
    left join staging.identities as by_device
        on by_device.kind = 'device' and by_device.id = keyed.device_id
),

judged as (
    select
        * exclude (landed_at),
        case
            when row_number() over (partition by coalesce(consent_key, record_key) order by landed_at desc, record_key desc) = 1 then 'kept'
            else 'repeated'
        end as fate,
    from owned
)

select * from judged
