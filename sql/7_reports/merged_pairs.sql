-- What was merged without asking, side by side, so that it can be undone: the doubtful ones first.
-- one row per left_key, right_key
with

described as (
    select
        merges.left_key,
        merges.right_key,
        merges.probability,
        merges.evidence,
        one.name as left_name,
        two.name as right_name,
        one.email as left_email,
        two.email as right_email,
        one.phone as left_phone,
        two.phone as right_phone,
        one.born as left_born,
        two.born as right_born,
        one.address as left_address,
        two.address as right_address,
        one.details as left_details,
        two.details as right_details,
        -- Freshsales knows a person by the user id: two people cannot have one.
        left_profiles.user_id = right_profiles.user_id as has_one_id,
        differing(one, two) as differs,
        merges.question_group,
    from matching.merges as merges
    left join staging.profiles as left_profiles on left_profiles.profile_key = merges.left_key
    left join staging.profiles as right_profiles on right_profiles.profile_key = merges.right_key
    left join reports.profile_cards as one on one.profile_key = merges.left_key
    left join reports.profile_cards as two on two.profile_key = merges.right_key
)

select
    left_key,
    right_key,
    probability,
    case when has_one_id then 'both have the same user id, so they are one person in Xtremepush and cannot be kept apart here' else evidence end as evidence,
    left_name,
    right_name,
    left_email,
    right_email,
    left_phone,
    right_phone,
    left_born,
    right_born,
    left_address,
    right_address,
    left_details,
    right_details,
    case when has_one_id then '' else 'apart' end as decisions,
    null::varchar as decision,
    differs,
    question_group,
from described
order by coalesce(has_one_id, false), probability, question_group, left_key, right_key
