-- Every id by which another table may name a profile, and the profile it means.
-- one row per kind, id
with

profile_ids as (
    select distinct 'profile' as kind, profile_key as id, profile_key
    from staging.profile_records
),

user_ids as (
    select 'user' as kind, user_id as id, min_by(profile_key, (length(profile_key), profile_key)) as profile_key
    from staging.profile_records
    where user_id is not null
    group by user_id
),

linked_users as (
    select 'user' as kind, user_links.user_id as id, user_links.profile_id as profile_key
    from staging.user_links
    semi join staging.profile_records on profile_records.profile_key = user_links.profile_id
    anti join user_ids on user_ids.id = user_links.user_id
),

people_ids as (
    select * from profile_ids
    union all
    select * from user_ids
    union all
    select * from linked_users
),

device_ids as (
    select
        'device' as kind,
        trim(devices.device_id) as id,
        min(coalesce(by_profile.profile_key, by_user.profile_key)) as profile_key,
    from landed.devices
    left join people_ids as by_profile on by_profile.kind = 'profile' and by_profile.id = trim(devices.profile_id)
    left join people_ids as by_user on by_user.kind = 'user' and by_user.id = trim(devices.user_id)
    where trim(devices.device_id) <> ''
      and coalesce(by_profile.profile_key, by_user.profile_key) is not null
    group by all
),

everyone as (
    select * from people_ids
    union all
    select * from device_ids
)

select * from everyone
