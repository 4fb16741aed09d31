-- Questions that one answer can settle: each rule, and each kind of evidence for two profiles being one person.
-- one row per rule, question_group
with

defaults as (
    select rule, coalesce(field, '') as question_group, max_by(decision, decided_at) as decision, max_by(who, decided_at) as who
    from settings.decisions
    where key is null
    group by all
),

findings as (
    select
        quality.rule,
        '' as question_group,
        any_value(rules.sentence) as question,
        arg_min(concat_ws(': ', quality.who_is_it, coalesce(quality.value, quality.reason)), quality.finding) as sample,
        count(*) as findings,
        count(*) filter (where quality.decision is null) as open,
        count(*) filter (where quality.decision is null and quality.suggestion is not null) as with_suggestion,
        any_value(rules.decisions) as offered,
        null::double as worth,
    from reports.quality as quality
    inner join checks.rules as rules on rules.rule = quality.rule
    where rules.decisions <> '' and rules.one_act is null
    group by quality.rule
),

pairs as (
    select
        'possible_duplicates' as rule,
        pairs.question_group,
        'Two profiles that may be one person: ' || pairs.question_group
            || coalesce(' (' || any_value(groups.advice) || ')', '') as question,
        arg_max(concat_ws(' / ', concat_ws(', ', left_name, left_email), concat_ws(', ', right_name, right_email)), pairs.probability) as sample,
        count(*) as findings,
        count(*) filter (where decision is null) as open,
        0 as with_suggestion,
        'merge apart' as offered,
        any_value(groups.worth) as worth,
    from reports.pairs as pairs
    left join reports.pair_groups as groups on groups.question_group = pairs.question_group
    group by pairs.question_group
),

together as (
    select * from findings
    union all
    select * from pairs
),

-- A whole rule is cleaned only where there are suggestions; whom to merge with is asked one by one.
answerable as (
    select
        * exclude (offered),
        trim(case
            when rule = 'possible_duplicates' then offered
            when with_suggestion = 0 then replace(replace(offered, 'clean', ''), 'merge', '')
            else replace(offered, 'merge', '')
        end) as decisions,
    from together
)

select
    together.question,
    together.sample,
    together.findings,
    together.open,
    case when contains(together.decisions, 'clean') then together.with_suggestion end as with_suggestion,
    together.decisions,
    defaults.decision,
    defaults.who,
    together.rule,
    together.question_group,
from answerable as together
left join defaults on defaults.rule = together.rule and defaults.question_group = together.question_group
where together.decisions <> ''
  and (together.open > 0 or defaults.decision is not null)
-- kinds of pairs come last, those where an answer avoids most mistakes first
order by together.rule = 'possible_duplicates', together.worth desc nulls last, together.open desc, together.rule, together.question_group
