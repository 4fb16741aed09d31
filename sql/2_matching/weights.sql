-- What each level of likeness is worth in bits, learnt without labels: how often one person's profiles show it against how often strangers do, and how often two members of one household.
-- one row per field, level
with recursive
-- pairs that share no key are taken for strangers, so only candidates need to be judged again and again
patterns as (
    select
        row_number() over (order by name_order, given_name, surname, birth_date, email, phone, town, postcode, street, street_number, address_2, state, gender, occupation, birth_place, code, other) as pattern,
        *
    from (
        select
            name_order, given_name, surname, birth_date, email, phone, town, postcode, street, street_number, address_2, state, gender, occupation, birth_place, code, other,
            count(*) as candidates,
            count(*) filter (is_random) as strangers,
        from matching.comparisons
        where is_candidate
        group by all
    )
),
seen as (
    unpivot (select pattern, candidates, strangers, name_order, given_name, surname, birth_date, email, phone, town, postcode, street, street_number, address_2, state, gender, occupation, birth_place, code, other from patterns)
    on name_order, given_name, surname, birth_date, email, phone, town, postcode, street, street_number, address_2, state, gender, occupation, birth_place, code, other
    into name field value level
),
strangers as (
    select field, level, count(*) as strangers
    from (
        unpivot (select left_id, right_id, name_order, given_name, surname, birth_date, email, phone, town, postcode, street, street_number, address_2, state, gender, occupation, birth_place, code, other from matching.comparisons where is_random)
        on name_order, given_name, surname, birth_date, email, phone, town, postcode, street, street_number, address_2, state, gender, occupation, birth_place, code, other
        into name field value level
    )
    group by field, level
),
total as (
    select count(*)::double * (count(*) - 1) / 2 as pairs from matching.features
),
imagined as (
    select
        max(value::double) filter (name = 'imagined_matches') as matches,
        max(value::double) filter (name = 'imagined_strangers') as strangers,
        max(value::double) filter (name = 'imagined_kin') as kin,
        max(value::double) filter (name = 'kin_most') as kin_most,
    from settings.match_options
),
-- the shipped levels are the first guess, and weigh a little until the end: they decide while there is little data
shipped as (
    select
        levels.field, levels.level::tinyint as level, levels.m::double as m, levels.u::double as u,
        coalesce(levels.kin = 'as one person', false) as is_of_household,
        try_cast(levels.kin as double) as kin,
        -- where somebody lives is said once, however many columns say it; and as who moved, moved with all of it,
        -- what differs beyond one column counts for a quarter
        levels.field in ('town', 'postcode', 'state') as is_place,
        levels.field in ('town', 'postcode', 'state', 'street', 'street_number', 'address_2') as is_address,
    from settings.match_levels as levels
    where levels.field in (select field from strangers)
        or levels.field in (select field from seen)
),
learnt(round, field, level, m, u, prior, kin_prior) as (
    select 0, field, level, m, u, least(0.001, 1.0 / (select count(*) from matching.features))::double, least(0.001, 1.0 / (select count(*) from matching.features))::double
    from shipped
    union all
    (
        with
        rated as (
            select
                learnt.*,
                shipped.is_place,
                shipped.is_address,
                round(log2(learnt.m / learnt.u), 4)::decimal(18, 4) as bits,
                round(log2(case when shipped.is_of_household then learnt.m else coalesce(shipped.kin, learnt.u) end / learnt.u), 4)::decimal(18, 4) as kin_bits,
            from learnt
            inner join shipped
                using (field, level)
        ),
        bits as (
            select
                seen.pattern,
                coalesce(sum(bits) filter (not is_address or not is_place and bits > 0), 0)
                + greatest(0, max(bits) filter (is_place))
                + (3 * least(0, min(bits) filter (is_address)) + coalesce(sum(bits) filter (is_address and bits < 0), 0)) / 4 as bits,
                coalesce(sum(kin_bits) filter (not is_address or not is_place and kin_bits > 0), 0)
                + greatest(0, max(kin_bits) filter (is_place))
                + (3 * least(0, min(kin_bits) filter (is_address)) + coalesce(sum(kin_bits) filter (is_address and kin_bits < 0), 0)) / 4 as kin_bits,
                any_value(rated.prior) as prior,
                any_value(rated.kin_prior) as kin_prior,
            from seen
            inner join rated
                using (field, level)
            group by seen.pattern
        ),
        -- against strangers: how much likelier one person is, and how much likelier two of one household
        odds as (
            select pattern, prior * pow(2, bits::double) as same, kin_prior * pow(2, kin_bits::double) as kin
            from bits
        ),
        sure as (
            select
                pattern,
                round(same / (same + kin + 1), 9)::decimal(18, 9) as p,
                round(kin / (same + kin + 1), 9)::decimal(18, 9) as kin_p,
            from odds
        ),
        expected as (
            select
                seen.field,
                seen.level,
                sum(sure.p * seen.candidates)::double as same,
                sum(sure.p * seen.strangers)::double as same_by_chance,
            from seen
            inner join sure
                using (pattern)
            group by seen.field, seen.level
        ),
        matches as (
            select
                greatest(sum(sure.p * patterns.candidates)::double, 0.5) as same,
                sum(sure.kin_p * patterns.candidates)::double as kin,
            from patterns
            inner join sure
                using (pattern)
        ),
        filled as (
            select
                learnt.round,
                learnt.field,
                learnt.level,
                shipped.m as shipped_m,
                coalesce(expected.same, 0) + imagined.matches * shipped.m as same,
                greatest(0, coalesce(strangers.strangers, 0) - coalesce(expected.same_by_chance, 0)) + imagined.strangers * shipped.u as other,
            from learnt
            cross join imagined
            inner join shipped
                using (field, level)
            left join expected
                using (field, level)
            left join strangers
                using (field, level)
        )
        select
            filled.round + 1,
            filled.field,
            filled.level,
            -- what is learnt stays within a factor of four of what is shipped: otherwise, where hardly anybody is twice in the
            -- data, the model would learn what neighbours or namesakes have in common
            round(greatest(shipped_m / 4, least(shipped_m * 4, filled.same / sum(filled.same::decimal(18, 6)) over (partition by filled.field)::double)), 12),
            round(filled.other / sum(filled.other::decimal(18, 6)) over (partition by filled.field)::double, 12),
            least(0.01, matches.same / greatest(total.pairs, 500)),
            -- where nothing is known yet, one household pair is expected for every pair of one person
            least(0.01, matches.same / greatest(total.pairs, 500) * least(imagined.kin_most, (matches.kin + imagined.kin) / (matches.same + imagined.kin))),
        from filled
        cross join matches
        cross join total
        cross join imagined
        where filled.round < 15
    )
)
select
    learnt.field,
    learnt.level,
    round(learnt.m, 8) as m,
    round(learnt.u, 10) as u,
    round(log2(learnt.m / learnt.u), 4) as bits,
    round(log2(case when shipped.is_of_household then learnt.m else coalesce(shipped.kin, learnt.u) end / learnt.u), 4) as kin_bits,
    learnt.prior,
    learnt.kin_prior,
from learnt
inner join shipped
    using (field, level)
where round = (select max(round) from learnt)
order by learnt.field, learnt.level
