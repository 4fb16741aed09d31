-- The custom fields that must exist in the account before anything is sent, and why.
-- one row per entity, name
with

-- Fields ferry itself fills.
own as (
    select * from (values
        ('cf_xtremepush_id', 'Xtremepush id', 'text', 'finds the person again in Xtremepush'),
        ('cf_xtremepush_lifecycle', 'Xtremepush lifecycle', 'text', 'the lifecycle stage as it was called in Xtremepush'),
        ('cf_xtremepush_merged_ids', 'Xtremepush merged ids', 'text_area', 'the ids of profiles merged into this person'),
        ('cf_xtremepush_tags', 'Xtremepush tags', 'multi_select', 'tags and segments, because tags.as says multi_select'),
        ('cf_points_balance', 'Points balance', 'number', 'loyalty points'),
        ('cf_loyalty_tier', 'Loyalty tier', 'dropdown', 'loyalty tier'),
        ('cf_achievement_count', 'Achievement count', 'number', 'loyalty achievements'),
        ('cf_email_opt_out', 'Email opt out', 'checkbox', 'kept besides the subscription, never instead of it'),
        ('cf_sms_opt_out', 'SMS opt out', 'checkbox', 'kept besides the subscription, never instead of it'),
        ('cf_consent_type', 'Consent type', 'text', 'the type of consent behind what the person allows, per channel: marketing, legitimate interest'),
        ('cf_consent_source', 'Consent source', 'text', 'where what the person allows is known from, per channel: manual, SDK, import'),
        ('cf_consent_updated', 'Consent updated', 'date', 'when that was last said')
    ) as own (name, label, type, reason)
),

-- The cf_ columns of the contacts, whoever wrote them: their type, and how many people have a value.
held as (
    select filled.name, filled.people, types.type
    from (unpivot (select count(columns('^cf_.*')) as "\0" from freshsales.contacts) on columns(*) into name name value people) as filled
    inner join (unpivot (select max(typeof(columns('^cf_.*'))) as "\0" from freshsales.contacts) on columns(*) into name name value type) as types
        on types.name = filled.name
),

-- Ferry's own are made in any case, but for those that only some sources fill.
needed as (
    select own.*, 'ferry' as source
    from own
    left join held on held.name = own.name
    where own.name not in ('cf_xtremepush_merged_ids', 'cf_xtremepush_tags', 'cf_points_balance', 'cf_loyalty_tier', 'cf_achievement_count')
       or held.people > 0
    union all
    -- a new column of freshsales.contacts is a new field of its type
    select
        held.name,
        upper(held.name[4]) || replace(held.name[5:], '_', ' ') as label,
        case
            when held.type = 'BOOLEAN' then 'checkbox'
            when held.type in ('BIGINT', 'DOUBLE', 'INTEGER', 'HUGEINT') or held.type like 'DECIMAL%' then 'number'
            when held.type = 'DATE' then 'date'
            when held.type = 'VARCHAR[]' then 'multi_select'
            else 'text'
        end as type,
        'a column of freshsales.contacts' as reason,
        'rules' as source,
    from held
    anti join own on own.name = held.name
    where held.people > 0
),

from_attributes as (
    select
        proposals.name,
        max_by(proposals.label, (proposals.confidence, proposals.attribute)) as label,
        max_by(proposals.type, (proposals.confidence, proposals.attribute)) as type,
        string_agg(proposals.attribute, ', ' order by proposals.attribute) as attributes,
        max_by(proposals.why, (proposals.confidence, proposals.attribute)) as why,
        bool_and(proposals.is_confirmed) as confirmed,
    from mapping.proposals as proposals
    anti join own on own.name = proposals.name
    anti join held on held.name = proposals.name
    where proposals.entity = 'contacts'
      and proposals.decision = 'send'
      and proposals.name like 'cf\_%' escape '\'
    group by proposals.name
),

-- The choices of a list are the values people have.
choices as (
    select name, list_sort(list(distinct choice)) as choices
    from (
        select name, value as choice
        from mapping.person_fields
        where type = 'dropdown' and entity = 'contacts' and value is not null
        union all
        select name, unnest(cast(value as json)::varchar[]) as choice
        from mapping.person_fields
        where type = 'multi_select' and entity = 'contacts' and value is not null
        union all
        select 'cf_loyalty_tier' as name, cf_loyalty_tier as choice
        from freshsales.contacts
        where cf_loyalty_tier is not null
        union all
        select name, unnest(entries::varchar[]) as choice
        from (unpivot (select to_json(columns('^cf_.*')) as "\0" from freshsales.contacts) on columns(*) into name name value entries)
        where json_type(entries) = 'ARRAY'
    )
    where name like 'cf\_%' escape '\'
    group by name
),

together as (
    select 'contacts' as entity, name, label, type, source, reason, true as confirmed
    from needed
    union all
    select 'contacts' as entity, name, label, type, 'attribute ' || attributes as source, why as reason, confirmed
    from from_attributes
),

complete as (
    select
        together.entity,
        together.name,
        together.label,
        together.type,
        case when together.type in ('dropdown', 'multi_select') then choices.choices end as choices,
        together.source,
        together.reason,
        together.confirmed,
    from together
    left join choices on choices.name = together.name
)

select * from complete
