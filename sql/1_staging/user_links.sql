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

-- materialized, so that what follows looks at every pair once, and not at every row
both_written as materialized (
    select user_id, profile_id, min(trust) as trust,
    from named
    where trim(user_id) <> '' and trim(profile_id) <> ''
    group by all
),

both_known as materialized (
    select tidy_id(user_id) as user_id, tidy_id(profile_id) as profile_id, trust,
    from both_written
),

-- Words such as NULL and ids that were rounded link nobody to anybody.
usable as (
    select *
    from both_known
    where not is_rounded_id(user_id) and not is_unfilled_id(user_id)
      and not is_rounded_id(profile_id) and not is_unfilled_id(profile_id)
      and lower(user_id) not in (select lower(text) from settings.no_ids where text is not null)
      and lower(profile_id) not in (select lower(text) from settings.no_ids where text is not null)
),

most_trusted as (
    select user_id, profile_id
    from usable
    qualify row_number() over (
        partition by user_id
        order by trust, length(profile_id), profile_id
    ) = 1
)

select * from most_trusted
