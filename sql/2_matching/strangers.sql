-- Pairs nobody chose, so many as settings.match_options says, of all profiles or of some drawn by chance: they show how often strangers agree by chance.
-- one row per left_id, right_id
with
counted as (
    select
        count(*) as profiles,
        greatest(1, least(count(*) // 2, any_value(options.pairs) // greatest(count(*), 1) + 1)) as strides,
    from matching.features
    cross join (select value::bigint as pairs from settings.match_options where name = 'stranger_pairs') as options
),
shuffled as (
    select id, row_number() over (order by hash(id), id) - 1 as place
    from matching.features
),
steps as (
    select shuffled.id, (shuffled.place + steps.step * 7919) % steps.profiles as other_place
    from shuffled
    cross join (select profiles, unnest(generate_series(1, strides)) as step from counted) as steps
    where shuffled.place < (select value::bigint from settings.match_options where name = 'stranger_pairs')
)
select distinct
    least(steps.id, shuffled.id) as left_id,
    greatest(steps.id, shuffled.id) as right_id,
from steps
inner join shuffled
    on shuffled.place = steps.other_place
where steps.id <> shuffled.id
