-- A tier that is not in the list of tiers is sent, but counts for nothing in scores and deals.
-- severity: note
-- fix: add the tier to 0_settings/deal_tiers.csv, or correct it
select
    'contacts' as entity,
    loyalty.person_key as key,
    'cf_loyalty_tier' as field,
    loyalty.tier as value,
    'this tier is not in deal_tiers.csv' as reason,
    null as suggestion,
from mapping.loyalty as loyalty
left join settings.deal_tiers as tiers on lower(trim(tiers.tier)) = lower(trim(loyalty.tier))
where loyalty.tier is not null
  and tiers.tier is null
