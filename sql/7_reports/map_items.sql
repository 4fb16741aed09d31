-- Everything the map decides: attributes, lifecycle stages, loyalty tiers, owners and the rule for tags; and whether somebody confirmed it.
-- one row per kind, name
with

-- An answer about the attribute * is the default: everything nobody answered stands as proposed.
defaults as (
    select count(*) > 0 as is_confirmed
    from settings.field_map
    where attribute = '*'
      and decision in ('confirm', 'send')
),

confirmed as (
    select list as entity, item as name
    from mapping.list_answers
    where decision in ('confirm', 'change', 'send', 'skip')
),

attributes as (
    select
        'attribute' as kind,
        attribute as name,
        case when decision = 'skip' then 'left out' else entity || '.' || name || ' (' || type || ')' end as becomes,
        is_confirmed,
    from mapping.proposals
    where decision = 'send'
        or is_confirmed
        or why like 'new since the rehearsal was signed%'
),

stages as (
    select distinct
        'stage' as kind,
        lower(original) as name,
        coalesce(lifecycle_stage || coalesce(' / ' || contact_status, ''), 'nothing') as becomes,
        lower(original) in (select name from confirmed where entity = 'lifecycle_map') as is_confirmed,
    from mapping.lifecycle
),

tiers as (
    select
        'tier' as kind,
        tier_key as name,
        'amount ' || coalesce(amount::varchar, '') || ', score ' || coalesce(score::varchar, '') as becomes,
        tier_key in (select name from confirmed where entity = 'deal_tiers') as is_confirmed,
    from mapping.tiers
    where (select count(*) from freshsales.deals) > 0
),

owners as (
    select
        'owner' as kind,
        owner_text as name,
        coalesce(owner_email, 'nobody') as becomes,
        owner_text in (select name from confirmed where entity = 'owners') as is_confirmed,
    from mapping.owner_texts
),

tags as (
    select
        'tag rule' as kind,
        rule.name,
        rule.value as becomes,
        rule.name in (select name from confirmed where entity = 'tags') as is_confirmed,
    from (
        select unnest([
            {'name': 'tags.as', 'value': tags_as},
            {'name': 'segments.as_tags', 'value': segments_as_tags::varchar}
        ]) as rule
        from staging.typed_options
    )
),

every_item as (
    select * from attributes
    union all
    select * from stages
    union all
    select * from tiers
    union all
    select * from owners
    union all
    select * from tags
)

select
    kind,
    name,
    string_agg(distinct becomes, '; ' order by becomes) as becomes,
    bool_and(every_item.is_confirmed or defaults.is_confirmed) as is_confirmed,
from every_item
cross join defaults
group by kind, name
order by kind, name
