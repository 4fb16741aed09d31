-- Two profiles that may be one person, side by side, to be decided.
-- one row per left_key, right_key
with

described as (
    select
        profiles.profile_key,
        nullif(concat_ws(' ', profiles.first_name, profiles.last_name), '') as name,
        coalesce(profiles.email, profiles.email_raw) as email,
        coalesce(profiles.mobile_number, profiles.mobile_raw) as phone,
        concat_ws(
            ', ',
            profiles.company_name,
            profiles.country,
            'user id ' || profiles.user_id,
            'since ' || strftime(profiles.created_at, '%Y-%m-%d')
        ) as details,
    from staging.profiles as profiles
)

select
    pairs.left_key,
    pairs.right_key,
    pairs.probability,
    pairs.evidence,
    one.name as left_name,
    one.email as left_email,
    one.phone as left_phone,
    one.details as left_details,
    two.name as right_name,
    two.email as right_email,
    two.phone as right_phone,
    two.details as right_details,
    pairs.decision,
    -- Which of the values differ, so that they are marked.
    concat_ws(
        ' ',
        case when lower(one.name) is distinct from lower(two.name) then 'name' end,
        case when lower(one.email) is distinct from lower(two.email) then 'email' end,
        case when one.phone is distinct from two.phone then 'phone' end,
        case when one.details is distinct from two.details then 'details' end
    ) as differs,
    -- Pairs are asked together that the same things speak for and against.
    concat_ws(
        ', ',
        case when contains(pairs.evidence, 'same user id') then 'same user id' end,
        case when contains(pairs.evidence, 'same e-mail') then 'same e-mail' end,
        case when contains(pairs.evidence, 'same phone') then 'same phone' end,
        case when contains(pairs.evidence, 'same birth date') then 'same birth date' end,
        case when contains(pairs.evidence, 'same street') then 'same street' end,
        case when contains(pairs.evidence, 'same surname') then 'same surname' end
    ) || coalesce('; but ' || nullif(split_part(pairs.evidence, 'but ', 2), ''), '') as question_group,
from matching.pairs as pairs
left join described as one on one.profile_key = pairs.left_key
left join described as two on two.profile_key = pairs.right_key
order by pairs.decision is not null, question_group, pairs.probability desc, pairs.left_key, pairs.right_key
