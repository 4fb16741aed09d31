-- All that speaks for or against two profiles being one person, in thousandths of a bit: the model, exact keys, and what the customer decided.
-- one row per left_id, right_id
with
options as (
    select
        max(if(name = 'strongest_pair_bits', value::double, null)) as strongest,
        max(if(name = 'ask_from', log2(value::double / (1 - value::double)), null)) as ask_from,
    from settings.match_options
    where name in ('strongest_pair_bits', 'ask_from')
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
        first_value(features.id) over (partition by profiles.user_id order by features.id) as left_id,
        features.id as right_id,
    from staging.profiles as profiles
    inner join matching.features as features
        on features.profile_key = profiles.profile_key
    where profiles.user_id is not null
),
evidence as (
    select left_id, right_id, bits, exact_key, null as decision from matching.scores
    union all
    select left_id, right_id, null as bits, 'same user id' as exact_key, null as decision from same_ids where left_id <> right_id
    union all
    select left_id, right_id, null as bits, null as exact_key, decision from decided
),
gathered as (
    select
        left_id,
        right_id,
        max(bits) as bits,
        max(exact_key) as exact_key,
        max(decision) as decision,
    from evidence
    group by left_id, right_id
),
weighed as (
    select
        left_id,
        right_id,
        bits,
        exact_key,
        decision,
        case
            when decision = 'apart' then -1000000000000
            when decision = 'merge' then 1000000000
            when exact_key is not null then 10000000
            else greatest(-20000, least(strongest * 1000, bits * 1000))
        end::bigint as millibits,
        decision is not null or exact_key is not null or bits >= ask_from as speaks,
    from gathered
    cross join options
),
-- what speaks against two profiles matters only where something else speaks for each of them
spoken_for as (
    select left_id as id from weighed where speaks
    union
    select right_id as id from weighed where speaks
)
select left_id, right_id, bits, exact_key, decision, millibits
from weighed
where speaks
    or left_id in (select id from spoken_for) and right_id in (select id from spoken_for)
