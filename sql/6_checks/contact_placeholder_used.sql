-- These contacts got a stand-in where Freshsales insists on a value.
-- severity: note
-- fix: fill the value in Xtremepush, write it here, or leave the contact out
-- decisions: clean delete accept
select
    'contacts' as entity,
    contact_key as key,
    'email' as field,
    email as value,
    'there is no e-mail, this stands in for it' as reason,
    null as suggestion,
from mapping.contact_policies
where email_before is null and email is not null
union all
select
    'contacts' as entity,
    contact_key as key,
    'last_name' as field,
    last_name as value,
    'there is no last name, this stands in for it' as reason,
    null as suggestion,
from mapping.contact_policies
where last_name_before is null and last_name is not null
