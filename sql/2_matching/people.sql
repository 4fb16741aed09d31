-- Every profile and the person it belongs to, how sure we are, and why.
-- one row per profile_key
with
members as (
    select
        features.profile_key,
        clusters.id,
        clusters.cluster,
        profiles.created_at,
        first_value(features.profile_key) over (
            partition by clusters.cluster
            order by profiles.created_at asc nulls last, features.profile_key
        ) as person_key,
        count(*) over (partition by clusters.cluster) as member_count,
    from matching.clusters as clusters
    inner join matching.features as features
        on features.id = clusters.id
    inner join staging.profiles as profiles
        on profiles.profile_key = features.profile_key
),
deletions as (
    select distinct key as profile_key
    from settings.decisions
    where decision = 'delete'
),
-- the link that ties a profile to its person best
ties as (
    select id, max_by(evidence, (millibits, -other_id)) as evidence, max_by(probability, (millibits, -other_id)) as probability, max_by(kind, (millibits, -other_id)) as kind
    from (
        select left_id as id, right_id as other_id, millibits, evidence, probability, kind from matching.evidence where is_joined
        union all
        select right_id as id, left_id as other_id, millibits, evidence, probability, kind from matching.evidence where is_joined
    )
    group by id
)
select
    profiles.profile_key,
    coalesce(if(own_deletions.profile_key is not null and members.member_count > 1 and members.person_key <> profiles.profile_key, profiles.profile_key, members.person_key), profiles.profile_key) as person_key,
    coalesce(ties.probability, 1)::double as probability,
    ties.evidence,
    case
        when profiles.is_anonymous then 'anonymous'
        when own_deletions.profile_key is not null or person_deletions.profile_key is not null then 'deleted'
        when members.member_count > 1 then coalesce(ties.kind, 'model')
        else 'alone'
    end as decided_by,
from staging.profiles as profiles
left join members
    on members.profile_key = profiles.profile_key
left join ties
    on ties.id = members.id
left join deletions as own_deletions
    on own_deletions.profile_key = profiles.profile_key
left join deletions as person_deletions
    on person_deletions.profile_key = members.person_key
