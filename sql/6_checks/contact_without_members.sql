-- Every contact must stand for at least one profile, and every person for one contact.
-- severity: stop
-- fix: nothing you can do: this is a fault of the migration, and your engineer must mend it
-- engineer: this is a fault of the contact models; run ferry sql test and undo the last change
select
    'contacts' as entity,
    contacts.contact_key as key,
    null as field,
    null as value,
    'no profile belongs to this contact' as reason,
    null as suggestion,
from freshsales.contacts as contacts
anti join freshsales.contact_members as members on members.contact_key = contacts.contact_key
union all
select
    'contacts' as entity,
    golden.person_key as key,
    null as field,
    null as value,
    'this person has no contact' as reason,
    null as suggestion,
from matching.golden as golden
anti join freshsales.contacts as contacts on contacts.contact_key = golden.person_key
where not golden.is_anonymous
