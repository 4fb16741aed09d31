-- Whose profile a row means, for every combination of ids that any table writes: by profile id, else user id, else device.
-- one row per profile_id, user_id, device_id
with

-- Where one cell may be an id of either kind, it is looked up as both. The large tables look up people and devices apart:
-- with a device beside each person there would be a combination for nearly every second event.
written as (
    select profile_id, user_id, null as device_id from landed.events
    union all
    select null, null, device_id from landed.events where device_id is not null
    union all
    select profile_id, user_id, null from landed.campaign_interactions
    union all
    select null, null, device_id from landed.campaign_interactions where device_id is not null
    union all
    select profile_id, user_id, null from landed.tags
    union all
    select null, null, device_id from landed.tags where device_id is not null
    union all
    select profile_id, user_id, null from landed.segment_memberships
    union all
    select null, null, device_id from landed.segment_memberships where device_id is not null
    union all
    select profile_id, user_id, device_id from landed.consents
    union all
    select identifier, identifier, null from landed.segment_memberships
    union all
    select profile_id, user_id, null from landed.devices
    union all
    select null, user_id, null from landed.loyalty
    union all
    select profile_id, user_id, null from landed.activities
    union all
    select profile_id, user_id, null from landed.notes
    union all
    select profile_id, user_id, null from landed.documents
    union all
    select owner_id, owner_id, null from landed.attributes where lower(trim(owner_type)) is distinct from 'device'
    union all
    select null, null, owner_id from landed.attributes where lower(trim(owner_type)) = 'device'
),

distinct_ids as (
    select distinct
        coalesce(trim(profile_id), '') as profile_id,
        coalesce(trim(user_id), '') as user_id,
        coalesce(trim(device_id), '') as device_id,
    from written
),

found as (
    select
        ids.profile_id,
        ids.user_id,
        ids.device_id,
        by_profile.profile_key as by_profile_id,
        by_user.profile_key as by_user_id,
        by_device.profile_key as by_device_id,
        coalesce(by_profile.profile_key, by_user.profile_key, by_device.profile_key) as profile_key,
    from distinct_ids as ids
    left join staging.identities as by_profile
        on by_profile.kind = 'profile' and by_profile.id = tidy_id(ids.profile_id)
    left join staging.identities as by_user
        on by_user.kind = 'user' and by_user.id = tidy_id(ids.user_id)
    left join staging.identities as by_device
        on by_device.kind = 'device' and by_device.id = tidy_id(ids.device_id)
)

select * from found
