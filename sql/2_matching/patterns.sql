-- Every pattern of levels that occurs among the compared pairs, one line for each field of it: what the weights are learnt from and applied to.
-- one row per pattern, field
with
counted as (
    select
        pattern,
        count(*) filter (is_candidate) as candidates,
        count(*) filter (is_candidate and is_random) as candidate_strangers,
        count(*) filter (is_random) as strangers,
        -- the columns that say no yes or no are the levels, one column per field
        any_value(columns(lambda name: not regexp_matches(name, '^(is|has|are)_|^(left_id|right_id|pattern)$'))),
    from matching.comparisons
    group by pattern
),
-- a field the analyst added has the levels of the way it is compared
ways as (
    select attribute as field, compares_as as way
    from settings.matching
    where compares_as in ('text', 'identifier', 'category')
),
added as (
    select pattern, candidates, candidate_strangers, strangers, unnest(others) as other
    from counted
)
select pattern, field, field as levels_of, level, candidates, candidate_strangers, strangers
from (
    unpivot (select * exclude (others) from counted)
    on columns(* exclude (pattern, candidates, candidate_strangers, strangers))
    into name field value level
)
union all
select
    added.pattern, ways.field, ways.way as levels_of,
    case when ways.way = 'text' then split_part(added.other, '|', 2)::tinyint else split_part(added.other, '|', 2)::tinyint // 2 end as level,
    added.candidates, added.candidate_strangers, added.strangers,
from added
inner join ways
    on ways.field = split_part(added.other, '|', 1)
