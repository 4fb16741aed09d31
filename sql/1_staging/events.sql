-- Every behavioural event, with the profile that did it; the same event twice is a repeat.
-- one row per record_key
-- parts: by event_id
with

-- Times in an unusual spelling are few or of a few days: each is read once.
unusual_times as (
    select times.written, instant(times.written, orders.month_first['timestamp']) as moment
    from (select distinct timestamp as written from landed.events where not is_plain_time(timestamp)) as times
    left join staging.time_orders as orders on orders.entity = 'events'
),

-- A text is trimmed once, and then looked at.
trimmed as not materialized (
    select
        _file || ':' || _record as record_key,
        trim(event_id) as event_id,
        trim(shown(event)) as event_name,
        trim(user_id) as user_id,
        trim(profile_id) as profile_id,
        trim(device_id) as device_id,
        trim(shown(value)) as value,
        timestamp,
    from landed.events
),

typed as not materialized (
    select
        record_key,
        nullif(event_id, '') as event_id,
        nullif(event_name, '') as event_name,
        nullif(user_id, '') as user_id,
        nullif(profile_id, '') as profile_id,
        nullif(device_id, '') as device_id,
        nullif(value, '') as value,
        coalesce(plain_instant(timestamp), unusual_times.moment) as happened_at,
    from trimmed
    left join unusual_times on unusual_times.written = timestamp
),

keyed as not materialized (
    select
        *,
        coalesce(event_id, md5(concat_ws('|', event_name, user_id, profile_id, device_id, happened_at::varchar, value))) as event_key,
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

-- An id that is there once cannot be a repeat, and nearly all are. Their hashes are counted, which is a fraction of
-- the work of putting all events in order.
often as (
    select hash(trim(event_id)) as id_hash
    from landed.events
    group by id_hash
    having count(*) > 1
),

doubtful as (
    select trimmed.event_id as event_key, trimmed.record_key
    from trimmed
    inner join often on often.id_hash = hash(trimmed.event_id)
    -- asked of both sides, so of those that were found alone
    where if(often.id_hash is null, null, trimmed.event_id) <> ''
    union all
    select event_key, record_key
    from keyed
    where event_id is null
),

several as (
    select event_key, min(record_key) as first_record_key
    from doubtful
    group by event_key
    having count(*) > 1
),

judged as (
    select
        owned.*,
        if(owned.record_key > several.first_record_key, 'repeated', 'kept') as fate,
    from owned
    left join several on several.event_key = owned.event_key
)

select * from judged
