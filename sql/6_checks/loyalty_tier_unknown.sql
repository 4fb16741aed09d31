-- A loyalty tier nobody described is sent, but counts for nothing in scores and deals.
-- severity: note
-- fix: say in the mapping workbook what the tier is worth, or correct it in Xtremepush
-- engineer: add the tier to the list: ferry sql copy settings.deal_tiers, edit it, then ferry transform
select
    'contacts' as entity,
    loyalty.person_key as key,
    'cf_loyalty_tier' as field,
    loyalty.tier as value,
    'nobody has said what this tier is worth' as reason,
    null as suggestion,
from mapping.loyalty as loyalty
left join mapping.tiers as tiers on tiers.tier_key = lower(trim(loyalty.tier))
where loyalty.tier is not null
  and tiers.tier is null
