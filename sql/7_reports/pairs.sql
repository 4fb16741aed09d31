-- Two profiles that may be one person, side by side, to be decided; kinds of evidence where an answer avoids most mistakes come first.
-- one row per left_key, right_key
select
    pairs.left_key,
    pairs.right_key,
    pairs.probability,
    pairs.advice,
    pairs.evidence,
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
    pairs.decision,
    -- Which of the values differ, so that they are marked.
    differing(one, two) as differs,
    pairs.question_group,
from matching.pairs as pairs
left join reports.profile_cards as one on one.profile_key = pairs.left_key
left join reports.profile_cards as two on two.profile_key = pairs.right_key
left join reports.pair_groups as groups on groups.question_group = pairs.question_group
order by pairs.decision is not null, groups.worth desc nulls last, pairs.question_group, pairs.probability desc, pairs.left_key, pairs.right_key
