-- Every id by which another table may name a profile, tidied, and the profile it means.
-- one row per kind, id
with

profile_ids as (
    select 'profile' as kind, own_key as id, min(profile_key) as profile_key
    from staging.profile_records
    group by own_key
),

user_ids as (
    select 'user' as kind, keys.user_id as id, min_by(records.profile_key, (length(records.profile_key), records.profile_key)) as profile_key
    from staging.record_keys as keys
    inner join staging.profile_records as records on records.record_key = keys.record_key
    where keys.user_id is not null
    group by keys.user_id
),

linked_users as (
    select 'user' as kind, user_links.user_id as id, profile_ids.profile_key
    from staging.user_links
    inner join profile_ids on profile_ids.id = user_links.profile_id
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
        tidy_id(devices.device_id) as id,
        min(coalesce(by_profile.profile_key, by_user.profile_key)) as profile_key,
    from landed.devices
    left join people_ids as by_profile on by_profile.kind = 'profile' and by_profile.id = tidy_id(devices.profile_id)
    left join people_ids as by_user on by_user.kind = 'user' and by_user.id = tidy_id(devices.user_id)
    where tidy_id(devices.device_id) is not null
      and lower(tidy_id(devices.device_id)) not in (select lower(text) from settings.no_ids where text is not null)
      and coalesce(by_profile.profile_key, by_user.profile_key) is not null
    group by all
),

everyone as (
    select * from people_ids
    union all
    select * from device_ids
)

select * from everyone
