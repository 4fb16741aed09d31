-- Where each attribute goes, how sure we are and why; what was answered before stands beside it.
-- one row per attribute
with

choices as (
    select name, array_to_string(choices[1:30], ', ') || case when len(choices) > 30 then ', …' else '' end as choices
    from freshsales.fields
    where entity = 'contacts'
)

select
    proposals.attribute,
    proposals.entity,
    proposals.name,
    proposals.label,
    proposals.type,
    choices.choices,
    proposals.confidence,
    case when proposals.decision = 'skip' and not proposals.is_confirmed then 'left behind: ' || proposals.why else proposals.why end as why,
    proposals.filled,
    proposals.distinct_values,
    proposals.samples,
    coalesce(proposals.declared_type, '') as source,
    proposals.answer as decision,
    proposals.who,
    proposals.decided_at,
from mapping.proposals as proposals
left join choices on choices.name = proposals.name and proposals.entity = 'contacts'
order by proposals.answer is not null, proposals.confidence, proposals.attribute
