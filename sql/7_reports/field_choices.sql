-- The fields an attribute can go into: those every account has, and the custom fields of this migration.
-- one row per entity, name
with

filled as (
    select entity, name, string_agg(attribute, ', ' order by attribute) as filled_by
    from mapping.proposals
    where decision = 'send'
    group by entity, name
),

standard as (
    select
        1 as rank,
        entity,
        field as name,
        label,
        'text' as type,
        'every account has it' as kind,
    from settings.standard_fields
    where takes_attributes = 'true'
),

-- What ferry fills itself is no place for an attribute.
custom as (
    select
        2 as rank,
        fields.entity,
        fields.name,
        fields.label || case when standard.label is null then '' else ' (custom field)' end as label,
        fields.type,
        'new in this migration' as kind,
    from freshsales.fields as fields
    left join settings.standard_fields as standard
        on lower(standard.label) = lower(fields.label)
    where fields.source <> 'ferry' or fields.name in ('cf_points_balance', 'cf_loyalty_tier', 'cf_achievement_count')
    qualify row_number() over (partition by fields.entity, fields.name) = 1
),

together as (
    select 0 as rank, 'contacts' as entity, 'new' as name, 'New field' as label, null as type, 'a new field of the attribute’s own name' as kind
    union all
    select * from standard
    union all
    select * from custom
)

select
    together.label,
    together.kind,
    together.type,
    filled.filled_by,
    together.entity,
    together.name,
from together
left join filled on filled.entity = together.entity and filled.name = together.name
order by together.rank, together.entity desc, lower(together.label), together.name
