-- The evidence in words, for the links that tie a profile to its person and for the pairs a customer should look at.
-- one row per left_id, right_id
with
options as (
    select
        max(if(name = 'ask_from', log2(value::double / (1 - value::double)), null)) as ask_from,
        max(if(name = 'doubt_from', log2(value::double / (1 - value::double)), null)) as most_in_doubt,
        max(if(name = 'merge_from', log2(value::double / (1 - value::double)), null)) as merge_from,
    from settings.match_options
    where name in ('ask_from', 'doubt_from', 'merge_from')
),
placed as (
    select
        links.*,
        l.cluster as left_cluster,
        r.cluster as right_cluster,
    from matching.links as links
    inner join matching.clusters as l
        on l.id = links.left_id
    inner join matching.clusters as r
        on r.id = links.right_id
),
-- the best link of every profile inside its person
ends as (
    select left_id as id, left_id, right_id, millibits from placed where left_cluster = right_cluster
    union all
    select right_id as id, left_id, right_id, millibits from placed where left_cluster = right_cluster
),
ties as (
    select distinct best.left_id, best.right_id
    from (
        select max_by({'left_id': left_id, 'right_id': right_id}, (millibits, -left_id, -right_id)) as best
        from ends
        group by id
    )
),
-- one question for two persons: the best pair between them; and all that was decided before
questions as (
    select best.left_id, best.right_id
    from (
        select max_by({'left_id': left_id, 'right_id': right_id}, (bits, -left_id, -right_id)) as best
        from placed
        cross join options
        where left_cluster <> right_cluster
            and decision is null
            and bits >= ask_from
        group by least(left_cluster, right_cluster), greatest(left_cluster, right_cluster)
    )
    union
    select left_id, right_id
    from placed
    where decision is not null
),
chosen as (
    select placed.*, placed.left_cluster = placed.right_cluster as is_joined
    from placed
    inner join (select left_id, right_id from ties union select left_id, right_id from questions) as asked
        on asked.left_id = placed.left_id
        and asked.right_id = placed.right_id
),
-- few pairs are told of, and of many fields: so the few are picked before anything is joined to them
compared as materialized (
    select left_id, right_id, pattern, given_name, surname, birth_date, email, phone, place, home
    from matching.comparisons
    semi join chosen using (left_id, right_id)
),
told_patterns as materialized (
    select pattern, field, levels_of, level
    from matching.patterns
    semi join compared using (pattern)
),
-- the evidence in a few words, so that pairs of one kind can be answered together
grouped as (
    select
        chosen.left_id,
        chosen.right_id,
        -- a doubt is evidence that no field holds: it costs so many bits of what is stated, as counted on labelled people. Where
        -- somebody else pulls too, one of the two is right, unless they are one person after all: that costs what the other pulls, and
        -- no more than the doubt
        least(
            scores.weight - case
                when contested.left_id is null then coalesce(doubts.costs::double, 0)
                else log2((1 + pow(2, contested.rival::double)) / (1 + pow(2, contested.rival::double - doubts.costs::double)))
            end,
            most_in_doubt
        ) as doubted_bits,
        doubts.advice,
        pairs.given_name <= 2 as is_given_name_unlike,
        concat_ws(
            ', ',
            case
                when pairs.given_name <= 1 then 'another given name'
                when pairs.surname <= 1 then 'another surname'
                when pairs.given_name = 7 and pairs.surname = 6 then 'same name'
                when pairs.given_name is null and pairs.surname is null then 'no name to compare'
                when pairs.given_name is null or pairs.surname is null then 'half a name'
                else 'name nearly the same'
            end,
            case when pairs.birth_date = 7 then 'same birth date' when pairs.birth_date = 0 then 'another birth date' when pairs.birth_date > 0 then 'birth date nearly the same' end,
            case when pairs.email >= 4 then 'same e-mail' when pairs.email >= 2 then 'e-mail nearly the same' when pairs.email >= 0 then 'another e-mail' end,
            case when pairs.phone >= 2 then 'same phone' when pairs.phone = 1 then 'phone nearly the same' when pairs.phone = 0 then 'another phone' end,
            case when pairs.home >= 3 or pairs.place >= 4 then 'same address' when pairs.place = 3 then 'same town' when pairs.place = 0 then 'another town' end
        ) as question_group,
    from chosen
    cross join options
    inner join compared as pairs
        on pairs.left_id = chosen.left_id
        and pairs.right_id = chosen.right_id
    left join matching.scores as scores
        on scores.left_id = chosen.left_id
        and scores.right_id = chosen.right_id
    left join matching.contested as contested
        on contested.left_id = chosen.left_id
        and contested.right_id = chosen.right_id
    left join settings.match_doubts as doubts
        on doubts.doubt = case
            when contested.left_id is not null then 'contested'
            when scores.doubt is not null then scores.doubt
            -- beyond doubt by itself, and yet not one person: what else is known of the two groups speaks against it
            when not chosen.is_joined and scores.bits >= merge_from then 'the others differ'
        end
),
seen as (
    select chosen.left_id, chosen.right_id, patterns.field, patterns.levels_of, patterns.level
    from chosen
    inner join compared as pairs
        on pairs.left_id = chosen.left_id
        and pairs.right_id = chosen.right_id
    inner join told_patterns as patterns
        on patterns.pattern = pairs.pattern
),
said as (
    select
        seen.left_id,
        seen.right_id,
        string_agg(if(seen.field = seen.levels_of, levels.words, replace(seen.field, '_', ' ') || ' ' || levels.words), '; ' order by weights.match_weight desc, seen.field) filter (weights.match_weight > 0) as speaking_for,
        string_agg(if(seen.field = seen.levels_of, levels.words, replace(seen.field, '_', ' ') || ' ' || levels.words), '; ' order by weights.match_weight, seen.field) filter (weights.match_weight < -1) as speaking_against,
    from seen
    inner join settings.match_levels as levels
        on levels.field = seen.levels_of
        and levels.level = seen.level::varchar
        and levels.words is not null
    inner join matching.weights as weights
        on weights.field = seen.field
        and weights.level = seen.level
    group by seen.left_id, seen.right_id
)
select
    chosen.left_id,
    chosen.right_id,
    chosen.millibits,
    chosen.is_joined,
    chosen.decision,
    case
        when chosen.decision is not null then 'decision'
        when chosen.exact_key is not null then 'exact'
        else 'model'
    end as kind,
    case
        when chosen.decision = 'merge' then 1
        when chosen.decision = 'apart' then 0
        when chosen.exact_key = 'same user id' then 1
        when chosen.exact_key is not null then least(0.9999, greatest(0.99, round(1 / (1 + pow(2, -coalesce(chosen.bits, 0)::double)), 4)))
        else least(0.9999, round(1 / (1 + pow(2, -coalesce(if(chosen.is_joined, null, grouped.doubted_bits), chosen.bits)::double)), 4))
    end::double as probability,
    concat_ws('; ',
        case chosen.decision when 'merge' then 'decided: one person' when 'apart' then 'decided: two persons' end,
        if(chosen.exact_key = 'same user id', chosen.exact_key, null),
        said.speaking_for,
        'but ' || said.speaking_against
    ) as evidence,
    coalesce(grouped.question_group, 'nothing to compare') as question_group,
    case
        when starts_with(grouped.question_group, 'another given name') then 'two people, unless a given name is wrong'
        when starts_with(grouped.question_group, 'another surname') then 'two people, unless a surname has changed'
        when grouped.advice is not null then grouped.advice
        when chosen.bits >= log2(0.8 / 0.2) and grouped.is_given_name_unlike is not true then 'probably one person'
        else 'look at both before deciding'
    end as advice,
from chosen
left join grouped
    on grouped.left_id = chosen.left_id
    and grouped.right_id = chosen.right_id
left join said
    on said.left_id = chosen.left_id
    and said.right_id = chosen.right_id
