-- Which profile a user id belongs to, learned from every table that names both.
-- one row per user_id
with

named as (
    select 1 as trust, user_id, profile_id from landed.user_profiles
    union all
    select 2, user_id, profile_id from landed.devices
    union all
    select 3, user_id, profile_id from landed.consents
    union all
    select 3, user_id, profile_id from landed.segment_memberships
    union all
    select 4, user_id, profile_id from landed.tags
    union all
    select 4, user_id, profile_id from landed.campaign_interactions
    union all
    select 5, user_id, profile_id from landed.events
),

both_known as (
    select trim(user_id) as user_id, trim(profile_id) as profile_id, min(trust) as trust,
    from named
    where trim(user_id) <> '' and trim(profile_id) <> ''
    group by all
),

most_trusted as (
    select user_id, profile_id
    from both_known
    qualify row_number() over (
        partition by user_id
        order by trust, length(profile_id), profile_id
    ) = 1
)

select * from most_trusted
