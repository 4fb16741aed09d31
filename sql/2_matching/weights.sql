-- The match weight of every level of every field in bits, log2(m / u), as the last round of learning has it: positive speaks for one person, negative against.
-- one row per field, level
select
    learning.field,
    learning.level,
    round(learning.m_probability, 8) as m_probability,
    round(learning.u_probability, 10) as u_probability,
    round(match_weight(learning.m_probability, learning.u_probability), 4) as match_weight,
    -- the same for two members of one household
    round(household_weight(learning.m_probability, learning.u_probability, first_weights.household_probability), 4) as household_weight,
    -- the shares of all pairs that are one person, and one household
    learning.match_share,
    learning.household_share,
from matching.learning as learning
inner join matching.first_weights as first_weights
    using (field, level)
where learning.round = (select max(round) from matching.learning)
