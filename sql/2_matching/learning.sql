-- Expectation-maximisation: what the data say of every level, learnt without labels, round by round. The m probability is how
-- often two profiles of one person show the level, the u probability how often two strangers do.
-- Each round has two steps. Expectation: how probable is one person for every pattern of levels, with the weights of the round
-- before? Maximisation: which m and u probabilities would be right, if that were so?
-- one row per round, field, level
with recursive
options as (
    select
        max(value::double) filter (name = 'imagined_matches') as imagined_matches,
        max(value::double) filter (name = 'imagined_strangers') as imagined_strangers,
        max(value::double) filter (name = 'imagined_kin') as imagined_kin,
        max(value::double) filter (name = 'kin_most') as kin_most,
        max(value::double) filter (name = 'learn_within') as learn_within,
    from settings.match_options
),
profiles as (
    select
        count(*)::double * (count(*) - 1) / 2 as pairs,
        -- of any two profiles, so many are taken for one person at first
        least(0.001, 1 / count(*))::double as first_share,
    from matching.features
),
-- pairs that share no blocking rule are taken for strangers, so only candidates are judged again and again
candidates as (
    select pattern, field, level, candidates, candidate_strangers
    from matching.patterns
    where candidates > 0
),
pattern_sizes as (
    select distinct pattern, candidates
    from candidates
),
strangers as (
    select field, level, sum(strangers) as strangers
    from matching.patterns
    group by field, level
),
rounds(round, field, level, m_probability, u_probability, match_share, household_share) as (
    select 0, field, level, m_probability, u_probability, first_share, first_share
    from matching.first_weights
    cross join profiles
    union all
    (
        with
        -- expectation: the match weight of every level, for one person and for two of one household
        level_weights as (
            select
                rounds.field,
                rounds.level,
                match_share,
                household_share,
                match_weight(rounds.m_probability, rounds.u_probability)::decimal(18, 4) as match_weight,
                household_weight(rounds.m_probability, rounds.u_probability, household_probability)::decimal(18, 4) as household_weight,
            from rounds
            inner join matching.first_weights
                using (field, level)
        ),
        -- expectation: the odds of every pattern, against strangers
        pattern_odds as (
            select
                candidates.pattern,
                any_value(match_share) * pow(2, sum(match_weight)::double) as is_match,
                any_value(household_share) * pow(2, sum(household_weight)::double) as is_household,
            from candidates
            inner join level_weights
                using (field, level)
            group by candidates.pattern
        ),
        -- expectation: from odds to probabilities
        pattern_probabilities as (
            select
                pattern,
                (is_match / (is_match + is_household + 1))::decimal(18, 9) as is_match,
                (is_household / (is_match + is_household + 1))::decimal(18, 9) as is_household,
            from pattern_odds
        ),
        -- maximisation: how many matches are expected to show each level, and how many of the pairs taken for strangers are none
        expected_levels as (
            select
                candidates.field,
                candidates.level,
                sum(is_match * candidates.candidates)::double as matches,
                sum(is_match * candidates.candidate_strangers)::double as matches_by_chance,
            from candidates
            inner join pattern_probabilities
                using (pattern)
            group by candidates.field, candidates.level
        ),
        expected_pairs as (
            select
                greatest(sum(is_match * candidates)::double, 0.5) as matches,
                sum(is_household * candidates)::double as households,
            from pattern_probabilities
            inner join pattern_sizes
                using (pattern)
        ),
        -- maximisation: the shipped levels count as some pairs more, so they decide while there is little data
        smoothed_levels as (
            select
                first_weights.field,
                first_weights.level,
                first_weights.m_probability as shipped_m,
                coalesce(expected_levels.matches, 0) + imagined_matches * first_weights.m_probability as matches,
                greatest(0, coalesce(strangers.strangers, 0) - coalesce(expected_levels.matches_by_chance, 0))
                    + imagined_strangers * first_weights.u_probability as strangers,
            from matching.first_weights as first_weights
            cross join options
            left join expected_levels
                using (field, level)
            left join strangers
                using (field, level)
        )
        -- maximisation: from counts to probabilities
        select
            (select max(round) + 1 from rounds),
            field,
            level,
            -- what is learnt stays near what is shipped: otherwise, where hardly anybody is twice in the data, the model would learn
            -- what neighbours or namesakes have in common
            round(greatest(
                shipped_m / learn_within,
                least(shipped_m * learn_within, smoothed_levels.matches / sum(smoothed_levels.matches::decimal(18, 6)) over (partition by field)::double)
            ), 12),
            round(strangers / sum(strangers::decimal(18, 6)) over (partition by field)::double, 12),
            least(0.01, expected_pairs.matches / greatest(pairs, 500)),
            -- where nothing is known yet, one household pair is expected for every pair of one person
            least(0.01, expected_pairs.matches / greatest(pairs, 500) * least(kin_most, (expected_pairs.households + imagined_kin) / (expected_pairs.matches + imagined_kin))),
        from smoothed_levels
        cross join expected_pairs
        cross join profiles
        cross join options
        where (select max(round) from rounds) < 15
    )
)
select round, field, level, m_probability, u_probability, match_share, household_share
from rounds
