-- The rules of segments and campaign audiences, put into words as far as their form is known.
-- one row per rule_key
with

rules as (
    select segment_key as rule_key, conditions
    from staging.segments
    where fate = 'kept' and conditions is not null
    union all
    select 'campaign:' || campaign_id as rule_key, conditions
    from staging.campaigns
    where fate = 'kept' and conditions is not null and campaign_id is not null
),

-- A rule is groups joined by AND or OR; a group is conditions joined by AND or OR.
groups as (
    select
        rule_key,
        upper(coalesce(conditions ->> 'operator', 'AND')) as joined_by,
        entry.key as position,
        entry.value as content,
    from (
        select rule_key, conditions, unnest(map_entries(try_cast(try_cast(conditions as json) as map(varchar, json)))) as entry
        from rules
    )
    where entry.key not in ('operator', 'title', 'groups')
    union all
    -- The Loyalty Hub lists paths and filters instead.
    select rule_key, 'AND' as joined_by, '0' as position, unnest(try_cast(try_cast(conditions as json) -> '$.groups' as json[])) as content
    from rules
),

entries as (
    select *, unnest(map_entries(try_cast(content as map(varchar, json)))) as entry
    from groups
    where json_type(content) = 'OBJECT' and (content ->> '$.path') is null
    union all
    select *, {'key': '0', 'value': content} as entry
    from groups
    where json_type(content) = 'ARRAY' or (content ->> '$.path') is not null
),

conditions as (
    select
        rule_key,
        joined_by,
        position,
        upper(coalesce(case when json_type(content) = 'OBJECT' then content ->> 'operator' end, 'AND')) as group_joined_by,
        entry.key as condition_position,
        entry.value as condition,
    from entries
    where entry.key <> 'operator'
),

parts as (
    select *, try_cast(condition as varchar[]) as terms
    from conditions
),

signs as (
    select * from (values
        ('=', 'is'), ('!=', 'is not'), ('>', 'is more than'), ('<', 'is less than'),
        ('>=', 'is at least'), ('<=', 'is at most'), ('IN', 'is one of'), ('NOT IN', 'is none of')
    ) as signs (sign, words)
),

-- An attribute or a tag is named before the sign; other keywords stand directly before it.
worded as (
    select
        parts.*,
        case
            when (condition ->> '$.path') is not null
                then concat_ws(' ', regexp_replace(condition ->> '$.path', '^\$\.(body\.)?', ''), coalesce(inner_sign.words, condition ->> '$.filter.operator'), condition ->> '$.filter.value')
            when terms is null then condition::varchar
            when terms[1] in ('user_attribute', 'profile_attribute', 'attribute')
                then concat_ws(' ', replace(terms[2], '_', ' '), coalesce(third.words, terms[3]), array_to_string(terms[4:], ' '))
            when terms[1] in ('tags', 'tags_flag', 'tags_attribute')
                then concat_ws(' ', 'tag', terms[2], coalesce(third.words, terms[3]), array_to_string(terms[4:], ' '))
            else concat_ws(' ', replace(terms[1], '_', ' '), coalesce(second.words, terms[2]), array_to_string(terms[3:], ' '))
        end as sentence,
    from parts
    left join signs as second on second.sign = parts.terms[2]
    left join signs as third on third.sign = parts.terms[3]
    left join signs as inner_sign on inner_sign.sign = (parts.condition ->> '$.filter.operator')
),

grouped as (
    select
        rule_key,
        joined_by,
        position,
        case
            when group_joined_by = 'OR' then string_agg(trim(sentence), ' or ' order by condition_position)
            else string_agg(trim(sentence), ' and ' order by condition_position)
        end as sentence,
        count(*) as conditions,
    from worded
    group by rule_key, joined_by, position, group_joined_by
),

joined as (
    select
        rule_key,
        case
            when joined_by = 'OR'
                then string_agg(case when conditions > 1 then '(' || sentence || ')' else sentence end, ' or ' order by position)
            else string_agg(case when conditions > 1 then '(' || sentence || ')' else sentence end, ' and ' order by position)
        end as in_words,
    from grouped
    group by rule_key, joined_by
)

select
    rules.rule_key,
    coalesce(regexp_replace(joined.in_words, '^\(([^()]*)\)$', '\1'), rules.conditions) as in_words,
from rules
left join joined on joined.rule_key = rules.rule_key
