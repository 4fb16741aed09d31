-- What was merged by itself: the strongest link of every profile to its person, how sure and why. Answering "apart" for a line undoes it.
-- one row per left_key, right_key
select
    least(l.profile_key, r.profile_key) as left_key,
    greatest(l.profile_key, r.profile_key) as right_key,
    evidence.probability,
    evidence.kind,
    evidence.evidence,
    evidence.question_group,
from matching.evidence as evidence
inner join matching.features as l
    on l.id = evidence.left_id
inner join matching.features as r
    on r.id = evidence.right_id
where evidence.is_joined
    and evidence.decision is null
