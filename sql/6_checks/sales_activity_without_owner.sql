-- Freshsales takes no sales activity without an owner.
-- severity: hold
-- fix: name a migration_user under scope in ferry.yaml, or give the contact an owner
select
    'sales_activities' as entity,
    sales_activity_key as key,
    'owner_email' as field,
    null as value,
    'neither the contact nor the migration has an owner' as reason,
    null as suggestion,
from freshsales.sales_activities
where owner_email is null
