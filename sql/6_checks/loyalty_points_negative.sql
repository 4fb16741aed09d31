-- A points balance below zero is sent as it is, and told.
-- severity: note
-- fix: correct the balance in Xtremepush, if it is wrong
select
    'contacts' as entity,
    person_key as key,
    'cf_points_balance' as field,
    points::varchar as value,
    'points below zero' as reason,
    '0' as suggestion,
from mapping.loyalty
where points < 0
