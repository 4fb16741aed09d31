-- A deal needs a name and an amount.
-- severity: hold
-- fix: tell us what a deal of this loyalty tier is worth
-- engineer: give the tier an amount: ferry sql copy settings.deal_tiers, edit it, then ferry transform
-- decisions: delete
select
    'deals' as entity,
    deal_key as key,
    case when amount is null then 'amount' else 'name' end as field,
    null as value,
    'this is missing' as reason,
    null as suggestion,
from freshsales.deals
where amount is null or name is null
