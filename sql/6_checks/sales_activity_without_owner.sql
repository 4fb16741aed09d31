-- Freshsales takes no sales activity without an owner.
-- severity: hold
-- fix: give the contact an owner, or tell us who should own what has none
-- engineer: set scope.migration_user in ferry.yaml, then ferry transform
select
    'sales_activities' as entity,
    sales_activity_key as key,
    'owner_email' as field,
    null as value,
    'neither the contact nor the migration has an owner' as reason,
    null as suggestion,
from freshsales.sales_activities
where owner_email is null
