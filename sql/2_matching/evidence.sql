-- The evidence in words, for the links that tie a profile to its person and for the pairs a customer should look at.
-- one row per left_id, right_id
with
options as (
    select max(if(name = 'ask_from', log2(value::double / (1 - value::double)), null)) as ask_from
    from settings.match_options
    where name = 'ask_from'
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
seen as (
    select chosen.left_id, chosen.right_id, patterns.field, patterns.levels_of, patterns.level
    from chosen
    inner join matching.comparisons as pairs
        on pairs.left_id = chosen.left_id
        and pairs.right_id = chosen.right_id
    inner join matching.patterns as patterns
        on patterns.pattern = pairs.pattern
),
said as (
    select
        seen.left_id,
        seen.right_id,
        string_agg(if(seen.field = seen.levels_of, levels.words, replace(seen.field, '_', ' ') || ' ' || levels.words), '; ' order by weights.bits desc, seen.field) filter (weights.bits > 0) as speaking_for,
        string_agg(if(seen.field = seen.levels_of, levels.words, replace(seen.field, '_', ' ') || ' ' || levels.words), '; ' order by weights.bits, seen.field) filter (weights.bits < -1) as speaking_against,
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
        when chosen.exact_key is not null then 1
        else least(0.9999, round(1 / (1 + pow(2, -chosen.bits::double)), 4))
    end::double as probability,
    concat_ws('; ',
        case chosen.decision when 'merge' then 'decided: one person' when 'apart' then 'decided: two persons' end,
        if(chosen.exact_key = 'same user id', chosen.exact_key, null),
        said.speaking_for,
        'but ' || said.speaking_against
    ) as evidence,
from chosen
left join said
    on said.left_id = chosen.left_id
    and said.right_id = chosen.right_id
