-- Pairs of profiles that may be one person and are not sure enough to merge: a customer decides. Those decided before are listed with the answer.
-- one row per left_key, right_key
select
    least(l.profile_key, r.profile_key) as left_key,
    greatest(l.profile_key, r.profile_key) as right_key,
    evidence.probability,
    evidence.evidence,
    evidence.decision,
    evidence.question_group,
    evidence.advice,
from matching.evidence as evidence
inner join matching.features as l
    on l.id = evidence.left_id
inner join matching.features as r
    on r.id = evidence.right_id
where not evidence.is_joined
    or evidence.decision is not null
