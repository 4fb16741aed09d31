-- How the questions were answered round by round: how many waited before and after, by day and by who answered.
-- one row per round
with

open_now as (
    select
        (select count(*) from reports.quality where decision is null and decisions <> '')
        + (select count(*) from reports.pairs where decision is null)
        + (select count(*) from reports.mapping where decision is null) as open,
),

answered as (
    select decided_at, who from settings.decisions where coalesce(key, '') <> '' and decision <> ''
    union all
    select decided_at, who from settings.field_map where decision <> '' and attribute <> '*'
),

days as (
    select
        try_cast(decided_at as timestamptz)::date as day,
        string_agg(distinct who, ', ' order by who) as who,
        count(*) as answered,
    from answered
    group by 1
),

counted as (
    select
        row_number() over (order by day nulls first) as round,
        days.*,
        open + coalesce(sum(answered) over (order by day desc nulls last rows between unbounded preceding and 1 preceding), 0) as waiting_after,
    from days
    cross join open_now
)

select
    round,
    day,
    who,
    (waiting_after + answered)::bigint as waiting_before,
    answered,
    waiting_after::bigint as waiting_after,
from counted
order by round
