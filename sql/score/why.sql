-- Where labelled pairs went wrong on their way through the matching, and the match weight of every field in bits.
with
wanted as (
    select * from (values ('', '', true)) as pairs(left_key, right_key, is_one_person)
),
options as (
    select max(value::double) filter (name = 'merge_from') as merge_from
    from settings.match_options
    where name = 'merge_from'
),
placed as (
    select wanted.*, least(l.id, r.id) as left_id, greatest(l.id, r.id) as right_id
    from wanted
    inner join matching.features as l
        on l.profile_key = wanted.left_key
    inner join matching.features as r
        on r.profile_key = wanted.right_key
),
spoken as (
    select
        placed.left_key,
        placed.right_key,
        any_value(placed.is_one_person) as is_one_person,
        any_value(scores.bits) as bits,
        any_value(scores.weight) as weight,
        any_value(scores.doubt) as doubt,
        string_agg(printf('%s %+.1f', patterns.field, weights.match_weight), ', ' order by weights.match_weight desc, patterns.field) filter (weights.match_weight > 0) as speaking_for,
        string_agg(printf('%s %+.1f', patterns.field, weights.match_weight), ', ' order by weights.match_weight, patterns.field) filter (weights.match_weight < 0) as speaking_against,
    from placed
    left join matching.scores as scores
        on scores.left_id = placed.left_id
        and scores.right_id = placed.right_id
    left join matching.comparisons as pairs
        on pairs.left_id = scores.left_id
        and pairs.right_id = scores.right_id
    left join matching.patterns as patterns
        on patterns.pattern = pairs.pattern
    left join matching.weights as weights
        on weights.field = patterns.field
        and weights.level = patterns.level
    group by placed.left_key, placed.right_key
)
select
    l.source_record as left_record,
    r.source_record as right_record,
    case
        when not is_one_person and weight is null then 'merged wrongly, through others: never compared'
        when not is_one_person and bits < log2(merge_from / (1 - merge_from)) then 'merged wrongly, through others'
        when not is_one_person then 'merged wrongly'
        when weight is null then 'never compared'
        when weight < 0 then 'weights: more speaks against than for'
        when doubt is not null then 'in doubt: ' || doubt
        when bits < log2(merge_from / (1 - merge_from)) then 'between asking and merging'
        else 'clustering: others of the two groups speak against'
    end as lost_at,
    printf('%.3f', 1 / (1 + pow(2, -bits::double))) as probability,
    speaking_for,
    speaking_against,
from spoken
cross join options
inner join staging.profiles as l
    on l.profile_key = spoken.left_key
inner join staging.profiles as r
    on r.profile_key = spoken.right_key
order by is_one_person desc, lost_at, left_key, right_key
