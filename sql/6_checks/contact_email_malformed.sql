-- An e-mail that was typed in as a correction must still be one.
-- severity: hold
-- fix: correct the address
-- decisions: clean delete
select
    'contacts' as entity,
    contact_key as key,
    'email' as field,
    email as value,
    'this is not an e-mail address' as reason,
    null as suggestion,
from freshsales.contacts
where email is not null
  and not regexp_full_match(email, '[^@\s]+@[^@\s.]+(\.[^@\s.]+)+')
