-- Questions about two profiles being one person, by kind of evidence: how many, how likely, and the pairs to look at before one answer settles them all.
-- one row per question_group
with
-- a sample drawn evenly, the same one every time
sampled as (
    select *, row_number() over (partition by question_group order by hash(left_key || '|' || right_key), left_key, right_key) as place
    from matching.pairs
    where decision is null
)
select
    question_group,
    count(*) as pairs,
    round(avg(probability), 3) as probability,
    arg_min(advice, place) as advice,
    count(*) filter (place <= 30) as sample_size,
    string_agg(left_key || '|' || right_key, '; ' order by place) filter (place <= 30) as sample,
    -- so many mistakes are avoided by answering: wrong merges or missed ones, whichever would be fewer without an answer
    round(sum(least(probability, 1 - probability)), 1) as worth,
from sampled
group by question_group
order by worth desc, question_group
