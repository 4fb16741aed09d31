-- The mechanics of the loyalty programme, rule by rule, so that they can be rebuilt elsewhere.
-- one row per rule_key
with

conditions as (
    select
        rule_key,
        unnest(try_cast(try_cast(conditions as json) -> '$.groups' as json[])) as condition,
    from staging.gamification_rules
    where fate = 'kept'
),

worded as (
    select
        rule_key,
        string_agg(
            concat_ws(
                ' ',
                replace(regexp_replace(condition ->> '$.path', '^\$\.(body\.)?', ''), '_', ' '),
                condition ->> '$.filter.operator',
                condition ->> '$.filter.value'
            ),
            ' and ' order by condition ->> '$.path'
        ) as in_words,
    from conditions
    where (condition ->> '$.path') is not null
    group by rule_key
)

select
    rules.rule_kind as kind,
    rules.rule_id,
    rules.rule_key,
    coalesce(rules.name, rules.title) as name,
    rules.description,
    rules.event_name as event,
    concat_ws(
        ' ',
        'on ' || rules.event_name,
        'if ' || coalesce(worded.in_words, nullif(rules.conditions, '{}'))
    ) as in_words,
    rules.reward,
    rules.is_enabled as enabled,
    rules.valid_from,
    rules.valid_to,
    rules.definition,
from staging.gamification_rules as rules
left join worded on worded.rule_key = rules.rule_key
where rules.fate = 'kept'
  and rules.rule_key is not null
order by rules.rule_kind, rules.rule_id
