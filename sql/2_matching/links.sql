-- All that speaks for or against two profiles being one person, in thousandths of a bit: the model, exact keys, contradictions, and what the customer decided.
-- one row per left_id, right_id
with
options as (
    select
        max(if(name = 'strongest_pair_bits', value::double, null)) as strongest,
        max(if(name = 'exact_key_bits', value::double, null)) as exact,
        max(if(name = 'contradiction_bits', value::double, null)) as contradiction,
        max(if(name = 'unseen_pair_bits', value::double, null)) as unseen,
        max(if(name = 'ask_from', log2(value::double / (1 - value::double)), null)) as ask_from,
        max(if(name = 'doubt_from', log2(value::double / (1 - value::double)), null)) as most_in_doubt,
    from settings.match_options
    where name in ('strongest_pair_bits', 'exact_key_bits', 'contradiction_bits', 'unseen_pair_bits', 'ask_from', 'doubt_from')
),
-- where certain persons often have two given names, whoever typed the data made them, and a contradiction is evidence like any other
careless as (
    select is_habit as is_careless
    from matching.habits
    where name = 'different given names'
),
decided as (
    select
        least(l.id, r.id) as left_id,
        greatest(l.id, r.id) as right_id,
        arg_max(decisions.decision, (decisions.decided_at, decisions.decision)) as decision,
    from settings.decisions as decisions
    inner join matching.features as l
        on l.profile_key = split_part(decisions.key, '|', 1)
    inner join matching.features as r
        on r.profile_key = split_part(decisions.key, '|', 2)
    where decisions.decision in ('merge', 'apart')
        and l.id <> r.id
    group by 1, 2
),
-- one external id is one person, whatever the profiles say
same_ids as (
    select
        min(id) over (partition by user_id) as left_id,
        id as right_id,
    from matching.features
    where user_id is not null
),
evidence as (
    select
        scores.left_id,
        scores.right_id,
        if(contested.left_id is null, scores.bits, least(scores.bits, most_in_doubt)) as bits,
        scores.weight,
        if(contested.left_id is null, scores.exact_key, null) as exact_key,
        scores.is_apart,
        scores.is_other_generation,
        null as decision,
    from matching.scores as scores
    cross join options
    left join matching.contested as contested
        on contested.left_id = scores.left_id
        and contested.right_id = scores.right_id
    union all
    select left_id, right_id, null, null, 'same user id', false, false, null from same_ids where left_id <> right_id
    union all
    select left_id, right_id, null, null, null, false, false, decision from decided
),
gathered as (
    select
        left_id,
        right_id,
        max(bits) as bits,
        max(weight) as weight,
        max(exact_key) as exact_key,
        bool_or(is_apart) as is_apart,
        bool_or(is_other_generation) as is_other_generation,
        max(decision) as decision,
    from evidence
    group by left_id, right_id
),
weighed as (
    select
        * exclude (weight),
        -- what may join two groups: only what is beyond doubt
        case
            when decision = 'apart' or decision is null and is_other_generation then -1000000
            when decision = 'merge' or exact_key is not null then 1000000
            else bits * 1000
        end::bigint as best_millibits,
        -- what counts among all pairs between two groups
        case
            when decision = 'apart' then -1000000000000
            when decision = 'merge' then 1000000000
            when exact_key = 'same user id' then 10000000
            when is_other_generation or is_apart and not is_careless then contradiction * 1000
            -- what contradicts may be outweighed by other pairs, but speaks for nobody
            when is_apart then greatest(-strongest, least(unseen, weight)) * 1000
            when exact_key is not null then greatest(exact, least(strongest, weight)) * 1000
            else greatest(-strongest, least(strongest, weight)) * 1000
        end::bigint as millibits,
        decision is not null or exact_key is not null or bits >= ask_from as speaks,
    from gathered
    cross join options
    cross join careless
),
-- what speaks against two profiles matters only where something else speaks for each of them
spoken_for as (
    select left_id as id from weighed where speaks
    union
    select right_id as id from weighed where speaks
)
select left_id, right_id, bits, exact_key, is_apart, decision, best_millibits, millibits
from weighed
where speaks
    or left_id in (select id from spoken_for) and right_id in (select id from spoken_for)
