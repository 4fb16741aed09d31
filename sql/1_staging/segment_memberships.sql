-- Who is in which segment or list, with the profile each member belongs to.
-- one row per record_key
with

typed as (
    select
        _file || ':' || _record as record_key,
        coalesce(nullif(lower(trim(kind)), ''), 'segment') as kind,
        nullif(trim(segment_id), '') as segment_id,
        nullif(trim(profile_id), '') as profile_id,
        nullif(trim(user_id), '') as user_id,
        nullif(trim(device_id), '') as device_id,
        nullif(trim(identifier), '') as identifier,
        instant(snapshot_time, orders.month_first['snapshot_time']) as snapshot_at,
    from landed.segment_memberships
    left join staging.time_orders as orders on orders.entity = 'segment_memberships'
),

-- Lists name their members by user id, e-mail or profile id, whatever was uploaded.
emails as (
    select lower(email_raw) as email, min_by(profile_key, (length(profile_key), profile_key)) as profile_key
    from staging.profile_records
    where email_raw is not null
    group by all
),

owned as (
    select
        typed.*,
        typed.kind || ':' || typed.segment_id as segment_key,
        coalesce(
            by_profile.profile_key,
            by_user.profile_key,
            by_device.profile_key,
            by_listed_user.profile_key,
            by_listed_profile.profile_key,
            emails.profile_key
        ) as profile_key,
    from typed
    left join staging.identities as by_profile
        on by_profile.kind = 'profile' and by_profile.id = typed.profile_id
    left join staging.identities as by_user
        on by_user.kind = 'user' and by_user.id = typed.user_id
    left join staging.identities as by_device
        on by_device.kind = 'device' and by_device.id = typed.device_id
    left join staging.identities as by_listed_user
        on by_listed_user.kind = 'user' and by_listed_user.id = typed.identifier
    left join staging.identities as by_listed_profile
        on by_listed_profile.kind = 'profile' and by_listed_profile.id = typed.identifier
    left join emails on emails.email = lower(typed.identifier)
),

judged as (
    select
        *,
        case
            when row_number() over (
                partition by segment_key, coalesce(profile_key, profile_id, user_id, device_id, identifier, record_key)
                order by snapshot_at desc nulls last, record_key desc
            ) = 1 then 'kept'
            else 'repeated'
        end as fate,
    from owned
)

select * from judged
