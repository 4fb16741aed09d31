-- Calls, e-mails and meetings from customer files, with the profile they belong to.
-- one row per record_key
with

typed as (
    select
        _file || ':' || _record as record_key,
        nullif(trim(activity_id), '') as given_id,
        lower(nullif(trim(kind), '')) as kind,
        nullif(trim(profile_id), '') as profile_id,
        nullif(trim(user_id), '') as user_id,
        nullif(trim(shown(subject)), '') as subject,
        nullif(trim(shown(body)), '') as body,
        lower(nullif(trim(direction), '')) as direction,
        nullif(trim(shown(author)), '') as author,
        instant(start_time, orders.month_first['start_time']) as started_at,
        instant(end_time, orders.month_first['end_time']) as ended_at,
        _landed_at as landed_at,
    from landed.activities
    left join staging.time_orders as orders on orders.entity = 'activities'
),

keyed as (
    select
        *,
        coalesce(given_id, md5(concat_ws('|', kind, profile_id, user_id, subject, body, started_at::varchar))) as activity_id,
    from typed
),

owned as (
    select keyed.*, named.profile_key
    from keyed
    left join staging.named_profiles as named
        on named.profile_id = coalesce(keyed.profile_id, '')
        and named.user_id = coalesce(keyed.user_id, '')
        and named.device_id = ''
),

judged as (
    select
        * exclude (landed_at),
        case
            when row_number() over (partition by coalesce(activity_id, record_key) order by landed_at desc, record_key desc) = 1 then 'kept'
            else 'repeated'
        end as fate,
    from owned
)

select * from judged
