-- Every geofence and beacon, typed.
-- one row per record_key
with

typed as (
    select
        _file || ':' || _record as record_key,
        coalesce(nullif(lower(trim(kind)), ''), 'geofence') as kind,
        given(location_id) as location_id,
        given(title) as title,
        given(address) as address,
        try_cast(trim(latitude) as double) as latitude,
        try_cast(trim(longitude) as double) as longitude,
        try_cast(trim(radius) as double) as radius,
        given(beacon_uuid) as beacon_uuid,
        given(beacon_major) as beacon_major,
        given(beacon_minor) as beacon_minor,
        try_cast(trim(enabled) as boolean) as is_enabled,
        _landed_at as landed_at,
    from landed.geofences
),

keyed as (
    select
        *,
        kind || ':' || location_id as location_key,
    from typed
),

judged as (
    select
        * exclude (landed_at),
        case
            when row_number() over (partition by coalesce(location_key, record_key) order by landed_at desc, record_key desc) = 1 then 'kept'
            else 'repeated'
        end as fate,
    from keyed
)

select * from judged
