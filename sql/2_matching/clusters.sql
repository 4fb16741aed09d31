-- Profiles joined into persons, so that chains do not swallow strangers.
-- The rule: two groups become one person where one pair between them is beyond doubt (merge_from), and all pairs between them
-- together, on average, speak for one person (group_from). A pair nobody looked at counts a little against it, a contradiction so
-- much that nothing outweighs it, or, where names are typed carelessly, at least as much as a pair nobody looked at. So many weak
-- links that agree hold a group together, and one strong link, a bridge, does not join two groups whose other pairs are strangers.
-- The two groups that most belong together are joined first.
-- one row per id
with recursive
options as (
    select
        max(if(name = 'unseen_pair_bits', value::double * 1000, null))::bigint as unseen,
        max(if(name = 'merge_from', log2(value::double / (1 - value::double)) * 1000, null))::bigint as merge_from,
        max(if(name = 'group_from', log2(value::double / (1 - value::double)) * 1000, null))::bigint as group_from,
    from settings.match_options
    where name in ('unseen_pair_bits', 'merge_from', 'group_from')
),
-- a line is a pair of groups (a, b) with the best and the sum of what is known between them, or, when it is done, a join of b into a
rounds(round, is_join, a, b, best_pair, total, pairs, a_size, b_size) as (
    select 0, false, left_id, right_id, best_millibits, millibits, 1::bigint, 1::bigint, 1::bigint
    from matching.links
    union all
    (
        with
        -- pairs of groups never looked at count as unseen, those apart by decision outweigh everything
        averaged as (
            select rounds.*, (total + unseen * (a_size * b_size - pairs)) // (a_size * b_size) as average
            from rounds
            cross join options
            where not is_join
        ),
        ends as (
            select a as node, average, best_pair, a, b, a_size as size from averaged
            union all
            select b as node, average, best_pair, a, b, b_size as size from averaged
        ),
        best as (
            select node, min((-average, a, b)) as line, any_value(size) as size
            from ends
            cross join options
            where average >= group_from
                and best_pair >= merge_from
            group by node
        ),
        -- two groups join when each is the other's best; the best line of all always does
        joins as (
            select l.line[2] as a, l.line[3] as b, -l.line[1] as average, l.size + r.size as size
            from best as l
            inner join best as r
                on r.node = l.line[3]
                and r.line = l.line
            where l.node = l.line[2]
        ),
        moved as (
            select best.node, coalesce(as_a.a, as_b.a, best.node) as group_node, coalesce(as_a.size, as_b.size, best.size) as size
            from best
            left join joins as as_a
                on as_a.a = best.node
            left join joins as as_b
                on as_b.b = best.node
        ),
        regrouped as (
            select
                least(l.group_node, r.group_node) as a,
                greatest(l.group_node, r.group_node) as b,
                if(l.group_node < r.group_node, l.size, r.size) as a_size,
                if(l.group_node < r.group_node, r.size, l.size) as b_size,
                averaged.best_pair,
                averaged.total,
                averaged.pairs,
            from averaged
            inner join moved as l
                on l.node = averaged.a
            inner join moved as r
                on r.node = averaged.b
        )
        select (select max(round) + 1 from rounds), true, a, b, average, average, 0, size, 0
        from joins
        union all
        select (select max(round) + 1 from rounds), false, a, b, max(best_pair), sum(total)::bigint, sum(pairs)::bigint, any_value(a_size), any_value(b_size)
        from regrouped
        group by a, b
        -- said of the group, because said of the lines it makes the planner pair every group with every other
        having min(b - a) > 0
    )
),
joins as (
    select round, a, b, total as average
    from rounds
    where is_join
),
-- follow every profile through the joins of its group to the last
walks(id, cluster, round) as (
    select b, b, 0 from joins
    union all
    select walks.id, joins.a, joins.round
    from walks
    inner join joins
        on joins.b = walks.cluster
)
select
    features.id,
    coalesce(ends.cluster, features.id) as cluster,
from matching.features as features
left join (select id, arg_max(cluster, round) as cluster from walks group by id) as ends
    on ends.id = features.id
