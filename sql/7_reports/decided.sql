-- Every decision: who decided what, when, and how many records it touches; an answer for a whole kind is one line.
-- one row per position
with

-- what hangs on each contact
children as (
    select contact_key as key, count(*) as records
    from reports.targets
    where contact_key is not null and entity <> 'contacts'
    group by contact_key
),

answers as (
    select
        decisions.*,
        coalesce(decisions.key = '', true) as is_for_all,
        -- Lines made by an answer for all are counted there.
        decisions.source_cell like '% (whole rule)' as is_spread,
    from settings.decisions as decisions
    where decisions.decision <> ''
),

spread as (
    select rule, who, replace(source_cell, ' (whole rule)', '') as source_cell, count(*) as records
    from answers
    where is_spread
    group by all
),

one_by_one as (
    select
        answers.decided_at,
        answers.who,
        case answers.rule when 'possible_duplicates' then 'Two profiles that may be one person' else rules.sentence end as question,
        case
            when answers.is_for_all then 'all of a kind' || coalesce(': ' || nullif(answers.field, ''), '')
            when contains(answers.key, '|') then concat_ws(' and ', coalesce(one.who_is_it, split_part(answers.key, '|', 1)), coalesce(two.who_is_it, split_part(answers.key, '|', 2)))
            else coalesce(one.who_is_it, answers.key)
        end as about,
        answers.decision,
        answers.value,
        case
            when answers.is_for_all then coalesce(spread.records, 0)
            when answers.decision in ('merge', 'apart') then 2
            when answers.decision in ('accept', 'delete') then 1 + coalesce(children.records, 0)
            else 1
        end as records,
    from answers
    left join checks.rules as rules on rules.rule = answers.rule
    left join reports.who as one on one.key = split_part(answers.key, '|', 1)
    left join reports.who as two on two.key = split_part(answers.key, '|', 2)
    left join children on children.key = answers.key
    left join spread on spread.rule = answers.rule and spread.source_cell = answers.source_cell
    where not answers.is_spread
       or answers.source_cell is null
),

fields as (
    select
        field_map.decided_at,
        field_map.who,
        case field_map.entity
            when 'lifecycle_map' then 'What a lifecycle stage becomes'
            when 'deal_tiers' then 'What a loyalty tier is worth'
            when 'owners' then 'Who owns a contact'
            when 'tags' then 'How tags travel'
            else 'Where an attribute goes'
        end as question,
        case field_map.attribute when '*' then 'everything else, as proposed' else field_map.attribute end as about,
        field_map.decision,
        case when field_map.decision <> 'skip' then coalesce(field_map.label, field_map.name) end as value,
        coalesce(proposals.filled, case when field_map.attribute = '*' then (select sum(filled) from mapping.proposals where answer is null) end, 0)::bigint as records,
    from settings.field_map as field_map
    left join mapping.proposals as proposals on proposals.attribute = field_map.attribute
    where field_map.decision <> ''
),

together as (
    select * from one_by_one
    union all
    select * from fields
)

select
    row_number() over (order by decided_at desc nulls last, question, about, decision) as position,
    try_cast(decided_at as timestamptz) as decided_at,
    who,
    question,
    about,
    decision,
    value,
    records,
from together
order by position
