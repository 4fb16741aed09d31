-- Every profile and the person it belongs to, how sure we are, and why.
-- one row per profile_key
with recursive
profiles as (
    select
        profile_key,
        user_id,
        email,
        mobile_number,
        lower(strip_accents(concat_ws(' ', first_name, last_name))) as full_name,
        is_anonymous,
        created_at,
    from staging.profiles
),
shared as (
    select profile_key, 'same user id' as reason, user_id as value
    from profiles
    where user_id is not null
    union all
    select profiles.profile_key, 'same e-mail' as reason, profiles.email || '|' || profiles.full_name as value
    from profiles
    where profiles.email is not null
        and not profiles.is_anonymous
    union all
    select profile_key, 'same phone and name' as reason, mobile_number || '|' || full_name as value
    from profiles
    where mobile_number is not null
        and full_name <> ''
),
links as (
    select profile_key, min(profile_key) over (partition by reason, value) as hub_key, reason
    from shared
),
edges as (
    select profile_key as from_key, hub_key as to_key from links where profile_key <> hub_key
    union
    select hub_key as from_key, profile_key as to_key from links where profile_key <> hub_key
),
labels(profile_key, label) using key (profile_key) as (
    select profile_key, profile_key as label
    from profiles
    union
    select edges.to_key as profile_key, min(labels.label) as label
    from labels
    inner join edges
        on edges.from_key = labels.profile_key
    inner join recurring.labels as reached
        on reached.profile_key = edges.to_key
    where labels.label < reached.label
    group by edges.to_key
),
members as (
    select
        profiles.profile_key,
        profiles.is_anonymous,
        first_value(profiles.profile_key) over (
            partition by labels.label order by profiles.created_at asc nulls last, profiles.profile_key
        ) as person_key,
        count(*) over (partition by labels.label) as member_count,
    from profiles
    inner join labels
        on labels.profile_key = profiles.profile_key
),
reasons as (
    select profile_key, string_agg(distinct reason, '; ' order by reason) as evidence
    from (select *, count(*) over (partition by reason, hub_key) as link_count from links)
    where link_count > 1
    group by profile_key
)
select
    members.profile_key,
    members.person_key,
    1.0::double as probability,
    if(members.member_count = 1, null, reasons.evidence) as evidence,
    case
        when members.is_anonymous then 'anonymous'
        when members.member_count = 1 then 'alone'
        else 'exact'
    end as decided_by,
from members
left join reasons
    on reasons.profile_key = members.profile_key
