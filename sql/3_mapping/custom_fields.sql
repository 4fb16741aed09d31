-- The custom fields of every person as one JSON object, its keys in order.
-- one row per person_key
-- parts: by person_key
with

fields as (
    select
        person_key,
        attribute,
        confidence,
        name,
        case
            when type in ('number', 'checkbox', 'multi_select') then value
            else to_json(value)::varchar
        end as value,
    from mapping.person_fields
    where entity = 'contacts'
      and name like 'cf\_%' escape '\'
      and name not in ('cf_points_balance', 'cf_loyalty_tier', 'cf_achievement_count')
      and value is not null
),

-- Two attributes may share one field; the one that is surer to belong there wins.
shared as (
    select name
    from mapping.proposals
    where decision = 'send' and entity = 'contacts'
    group by name
    having count(*) > 1
),

chosen as (
    select person_key, name, value
    from fields
    anti join shared on shared.name = fields.name
    union all
    select person_key, name, max_by(value, (confidence, attribute)) as value
    from fields
    semi join shared on shared.name = fields.name
    group by person_key, name
),

gathered as (
    select
        person_key,
        '{' || array_to_string(list_sort(list(to_json(name)::varchar || ':' || value)), ',') || '}' as custom_field,
    from chosen
    group by person_key
)

select * from gathered
