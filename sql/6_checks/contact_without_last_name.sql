-- Freshsales wants a last name for every contact.
-- severity: hold
-- fix: write the name here, or fill it in Xtremepush
-- engineer: to send them with a stand-in: set contacts.without_last_name to placeholder or first_name in ferry.yaml, then ferry transform
-- decisions: clean delete
select
    'contacts' as entity,
    contact_key as key,
    'last_name' as field,
    null as value,
    'there is no last name' as reason,
    first_name as suggestion,
from freshsales.contacts
where last_name is null
