-- What each level of likeness is worth in bits, learnt without labels: how often one person's profiles show it against how often strangers do.
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
    from settings.match_options
),
-- the shipped levels are the first guess, and weigh a little until the end: they decide while there is little data
shipped as (
    select levels.field, levels.level::tinyint as level, levels.m::double as m, levels.u::double as u
    from settings.match_levels as levels
    where levels.field in (select field from strangers)
        or levels.field in (select field from seen)
),
learnt(round, field, level, m, u, prior) as (
    select 0, field, level, m, u, least(0.001, 1.0 / (select count(*) from matching.features))::double
    from shipped
    union all
    (
        with
        bits as (
            select
                seen.pattern,
                sum(round(log2(learnt.m / learnt.u), 4)::decimal(18, 4)) as bits,
                any_value(learnt.prior) as prior,
                any_value(learnt.round) as round,
            from seen
            inner join learnt
                using (field, level)
            group by seen.pattern
        ),
        sure as (
            select pattern, round, round(1 / (1 + (1 - prior) / prior * pow(2, -bits::double)), 9)::decimal(18, 9) as p
            from bits
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
            select sum(sure.p * patterns.candidates)::double as same
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
            least(0.01, greatest(matches.same, 0.5) / greatest(total.pairs, 500)),
        from filled
        cross join matches
        cross join total
        where filled.round < 15
    )
)
select
    field,
    level,
    round(m, 8) as m,
    round(u, 10) as u,
    round(log2(m / u), 4) as bits,
    prior,
from learnt
where round = (select max(round) from learnt)
order by field, level
