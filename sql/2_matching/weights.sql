-- The match weight of each level in bits, log2(m / u), learnt without labels (expectation-maximisation): m is how often one person's profiles show the level, u how often strangers do; kin_bits is the same for two members of one household.
-- one row per field, level
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
    select count(*)::double as profiles, count(*)::double * (count(*) - 1) / 2 as pairs
    from matching.features
),
fields as (
    select distinct field, levels_of from matching.patterns
),
-- pairs that share no key are taken for strangers, so only candidates need to be judged again and again
candidates as (
    select pattern, field, level, candidates, candidate_strangers
    from matching.patterns
    where candidates > 0
),
strangers as (
    select field, level, sum(strangers) as strangers
    from matching.patterns
    group by field, level
),
-- the shipped levels are the first guess, and weigh a little until the end: they decide while there is little data
guessed as (
    select
        fields.field, levels.level::tinyint as level, levels.m::double as m, levels.u::double as u,
        -- a household has one surname and one address; what it has in common otherwise is stated, or as among strangers
        case when levels.kin = 'as one person' then null else coalesce(try_cast(levels.kin as double), 0) end as kin,
    from settings.match_levels as levels
    inner join fields
        on fields.levels_of = levels.field
),
learnt(round, field, level, m, u, prior, kin_prior) as (
    select 0, field, level, m, u, least(0.001, 1 / profiles)::double, least(0.001, 1 / profiles)::double
    from guessed
    cross join profiles
    union all
    (
        -- expectation: how probable is one person, with the weights of the round before
        with
        weighed as (
            select
                learnt.*,
                log2(learnt.m / learnt.u)::decimal(18, 4) as bits,
                log2(case when kin is null then learnt.m when kin > 0 then kin else learnt.u end / learnt.u)::decimal(18, 4) as kin_bits,
            from learnt
            inner join guessed
                using (field, level)
        ),
        odds as (
            select
                candidates.pattern,
                any_value(weighed.prior) * pow(2, sum(weighed.bits)::double) as same,
                any_value(weighed.kin_prior) * pow(2, sum(weighed.kin_bits)::double) as kin,
            from candidates
            inner join weighed
                using (field, level)
            group by candidates.pattern
        ),
        probable as (
            select
                pattern,
                (same / (same + kin + 1))::decimal(18, 9) as same,
                (kin / (same + kin + 1))::decimal(18, 9) as kin,
            from odds
        ),
        -- maximisation: what the weights should have been, if that were so
        expected as (
            select
                candidates.field, candidates.level,
                sum(probable.same * candidates.candidates)::double as same,
                sum(probable.same * candidates.candidate_strangers)::double as same_by_chance,
            from candidates
            inner join probable
                using (pattern)
            group by candidates.field, candidates.level
        ),
        total as (
            select greatest(sum(probable.same * sizes.candidates)::double, 0.5) as same, sum(probable.kin * sizes.candidates)::double as kin
            from probable
            inner join (select distinct pattern, candidates from candidates) as sizes
                using (pattern)
        ),
        counted as (
            select
                guessed.field, guessed.level, guessed.m as guessed_m,
                coalesce(expected.same, 0) + imagined_matches * guessed.m as same,
                greatest(0, coalesce(strangers.strangers, 0) - coalesce(expected.same_by_chance, 0)) + imagined_strangers * guessed.u as other,
            from guessed
            cross join options
            left join expected
                using (field, level)
            left join strangers
                using (field, level)
        )
        select
            (select max(round) + 1 from learnt),
            field,
            level,
            -- what is learnt stays near what is shipped: otherwise, where hardly anybody is twice in the data, the model would learn
            -- what neighbours or namesakes have in common
            round(greatest(guessed_m / learn_within, least(guessed_m * learn_within, counted.same / sum(counted.same::decimal(18, 6)) over (partition by field)::double)), 12),
            round(other / sum(other::decimal(18, 6)) over (partition by field)::double, 12),
            least(0.01, total.same / greatest(pairs, 500)),
            -- where nothing is known yet, one household pair is expected for every pair of one person
            least(0.01, total.same / greatest(pairs, 500) * least(kin_most, (total.kin + imagined_kin) / (total.same + imagined_kin))),
        from counted
        cross join total
        cross join profiles
        cross join options
        where (select max(round) from learnt) < 15
    )
)
select
    learnt.field,
    learnt.level,
    round(learnt.m, 8) as m,
    round(learnt.u, 10) as u,
    round(log2(learnt.m / learnt.u), 4) as bits,
    round(log2(case when kin is null then learnt.m when kin > 0 then kin else learnt.u end / learnt.u), 4) as kin_bits,
    learnt.prior,
    learnt.kin_prior,
from learnt
inner join guessed
    using (field, level)
where round = (select max(round) from learnt)
