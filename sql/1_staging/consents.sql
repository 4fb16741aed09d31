-- Every consent record: changes of a channel, and named preferences; the same record twice is a repeat.
-- one row per record_key
with

typed as (
    select
        record_key,
        nullif(trim(consent_id), '') as consent_id,
        nullif(trim(profile_id), '') as profile_id,
        nullif(trim(user_id), '') as user_id,
        nullif(trim(device_id), '') as device_id,
        lower(nullif(trim(channel), '')) as channel_raw,
        nullif(trim(preference_name), '') as preference_name,
        nullif(trim(preference_type), '') as preference_type,
        nullif(trim(address), '') as address,
        -- an erasure that was completed or accepted is no yes
        case
            when preference_name = 'list of people who asked about their data' then 'unknown'
            when is_binding_list(preference_name) then 'opted_out'
            else lower(nullif(trim(status), ''))
        end as status_raw,
        nullif(trim(source), '') as source,
        try_cast(trim(update_is_external) as boolean) as is_external,
        nullif(trim(metadata), '') as metadata,
        nullif(trim(_extra), '') as extras,
        nullif(trim(update_time), '') as updated_text,
        -- 03/04/2024, where no value of the column settles which is the day, is no time to let a no lose by
        if(
            list_contains(orders.unclear, 'update_time') and regexp_matches(update_time, '^\s*\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}'),
            null,
            said_at(instant(update_time, orders.month_first['update_time']))
        ) as updated_at,
        _file as source_file,
        _landed_at as landed_at,
    from staging.consent_rows
    left join staging.time_orders as orders on orders.entity = 'consents'
),

-- An id that finds nobody and is an address is one.
addressed as (
    select distinct address from staging.consent_addresses
),

keyed as (
    select
        *,
        coalesce(consent_id, md5(concat_ws('|', profile_id, user_id, device_id, channel_raw, preference_name, address, status_raw, updated_at::varchar))) as consent_key,
    from typed
),

-- A record without any id is of the one profile that has its address.
sole_owners as (
    select address, min(profile_key) as profile_key
    from staging.addressed_profiles
    where is_sure
    group by address
    having count(*) = 1
),

owned as (
    select
        keyed.* replace (
            coalesce(keyed.address, if(named.profile_key is null, coalesce(profile_addresses.address, user_addresses.address), null)) as address
        ),
        said_until(keyed.updated_text, keyed.updated_at) as updated_until,
        coalesce(
            named.profile_key,
            if(keyed.profile_id is null and keyed.user_id is null and keyed.device_id is null, sole_owners.profile_key, null)
        ) as profile_key,
    from keyed
    left join addressed as profile_addresses on profile_addresses.address = keyed.profile_id
    left join addressed as user_addresses on user_addresses.address = keyed.user_id
    left join staging.named_profiles as named
        on named.profile_id = coalesce(keyed.profile_id, '')
        and named.user_id = coalesce(keyed.user_id, '')
        and named.device_id = coalesce(keyed.device_id, '')
    left join sole_owners on sole_owners.address = keyed.address
),

judged as (
    select
        * exclude (landed_at),
        case
            when row_number() over (partition by coalesce(consent_key, record_key) order by updated_at desc nulls last, landed_at desc, record_key desc) = 1 then 'kept'
            else 'repeated'
        end as fate,
    from owned
)

select * from judged
