-- Who meets every rule of settings.deal_rules, and the rules in words; they stand beside the score, and all must hold.
-- one row per person_key
with

-- A share may be written as 0.3, 30 % or 30%.
rules as (
    select
        lower(trim(measure)) as measure,
        trim(at_least) as written,
        list_transform(string_split(lower(at_least), ';'), lambda tier: trim(tier)) as tiers,
        case
            when trim(at_least) like '%\%' escape '\' then try_cast(trim(replace(at_least, '%', '')) as double) / 100
            else try_cast(trim(at_least) as double)
        end as least,
    from settings.deal_rules
    where trim(at_least) <> ''
),

judged as (
    select
        scores.person_key,
        rules.measure,
        case rules.measure
            when 'open_rate' then 'opens ' || round(100 * rules.least, 1)::decimal(5, 1) || ' % or more'
            when 'sessions_per_month' then rules.written || ' sessions a month or more'
            when 'loyalty_tier' then 'tier ' || array_to_string(rules.tiers, ' or ')
        end as words,
        coalesce(case rules.measure
            when 'open_rate' then scores.open_rate >= rules.least
            when 'sessions_per_month' then scores.sessions_per_month >= rules.least
            when 'loyalty_tier' then list_contains(rules.tiers, lower(trim(scores.tier)))
        end, false) as holds,
    from engagement.scores as scores
    cross join rules
),

summed as (
    select
        scores.person_key,
        coalesce(bool_and(judged.holds), true) as is_met,
        list(judged.words order by judged.measure) filter (judged.words is not null) as rules_met,
    from engagement.scores as scores
    left join judged on judged.person_key = scores.person_key
    group by scores.person_key
)

select * from summed
