-- A deal needs a name and an amount.
-- severity: hold
-- fix: give the tier an amount in 0_settings/deal_tiers.csv
-- decisions: delete accept
select
    'deals' as entity,
    deal_key as key,
    case when amount is null then 'amount' else 'name' end as field,
    null as value,
    'this is missing' as reason,
    null as suggestion,
from freshsales.deals
where amount is null or name is null
