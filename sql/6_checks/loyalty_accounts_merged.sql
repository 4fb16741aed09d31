-- A person with several loyalty accounts has one balance in Freshsales.
-- severity: note
-- fix: nothing to do, unless the accounts are of different people; say so if balances should not be added up
-- engineer: loyalty.merged_points says how balances become one (ferry sql copy settings.options)
select
    'contacts' as entity,
    person_key as key,
    'cf_points_balance' as field,
    points::varchar as value,
    loyalty_accounts || ' loyalty accounts became one: ' || case (select loyalty_merged_points from staging.typed_options)
        when 'highest' then 'the highest balance'
        when 'newest' then 'the newest balance'
        else 'the sum of the balances'
    end as reason,
    null as suggestion,
from mapping.loyalty
where loyalty_accounts > 1
