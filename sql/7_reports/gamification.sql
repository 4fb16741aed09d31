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
                case condition ->> '$.filter.operator'
                    when '>=' then 'is at least' when '>' then 'is more than' when '<=' then 'is at most' when '<' then 'is less than'
                    when '=' then 'is' when '==' then 'is' when '!=' then 'is not' else condition ->> '$.filter.operator'
                end,
                condition ->> '$.filter.value'
            ),
            ' and ' order by condition ->> '$.path'
        ) as in_words,
    from conditions
    where (condition ->> '$.path') is not null
    group by rule_key
),

-- What is won, and how often, in words.
rewarded as (
    select
        rule_key,
        case
            when try_cast(reward as json) is null then reward
            when json_extract_string(reward, '$.type') is not null then concat_ws(
                ' ',
                json_extract_string(reward, '$.amount'),
                case upper(json_extract_string(reward, '$.type')) when 'TOKEN' then 'points' else lower(replace(json_extract_string(reward, '$.type'), '_', ' ')) end
            )
            else reward
        end as wins,
        concat_ws(
            ', ',
            'at most ' || json_extract_string(try_cast(definition as json), '$.constraints.perDay') || ' a day',
            'at most ' || json_extract_string(try_cast(definition as json), '$.constraints.perWeek') || ' a week',
            'at most ' || json_extract_string(try_cast(definition as json), '$.constraints.perUser') || ' for each person',
            'reached with ' || json_extract_string(try_cast(definition as json), '$.levelUpCostInTokens') || ' points',
            case json_extract_string(try_cast(definition as json), '$.levelType') when 'automatic' then 'by itself' when 'manual' then 'when somebody asks for it' end,
            case json_extract_string(try_cast(definition as json), '$.hidden') when 'true' then 'hidden until it is reached' when 'false' then 'shown to everybody' end
        ) as how_often,
    from staging.gamification_rules
    where fate = 'kept'
)

select
    rules.rule_kind as kind,
    rules.rule_id,
    rules.rule_key,
    coalesce(rules.name, rules.title) as name,
    rules.description,
    rules.event_name as event,
    nullif(concat_ws(
        ', ',
        nullif(concat_ws(' ', 'counts “' || replace(rules.event_name, '_', ' ') || '”', 'where ' || coalesce(worded.in_words, nullif(rules.conditions, '{}'))), ''),
        nullif(rewarded.how_often, ''),
        'from ' || strftime(try_cast(rules.valid_from as timestamptz), '%-d %B %Y'),
        'until ' || strftime(try_cast(rules.valid_to as timestamptz), '%-d %B %Y'),
        'and gives ' || rewarded.wins
    ), '') as in_words,
    rewarded.wins as reward,
    rules.is_enabled as enabled,
    rules.valid_from,
    rules.valid_to,
    rules.definition,
from staging.gamification_rules as rules
left join worded on worded.rule_key = rules.rule_key
left join rewarded on rewarded.rule_key = rules.rule_key
where rules.fate = 'kept'
  and rules.rule_key is not null
order by rules.rule_kind, rules.rule_id
