-- Freshsales wants a last name for every contact.
-- severity: hold
-- fix: fill the name in Xtremepush, or set contacts.without_last_name to placeholder or first_name
-- decisions: clean delete accept
select
    'contacts' as entity,
    contact_key as key,
    'last_name' as field,
    null as value,
    'there is no last name' as reason,
    first_name as suggestion,
from freshsales.contacts
where last_name is null
