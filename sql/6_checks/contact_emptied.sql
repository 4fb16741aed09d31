-- The newest row of these people holds nothing but their key, and an older one their address: sources erase people by emptying them.
-- severity: hold
-- fix: delete leaves them behind if they were erased, accept moves them with what the older row says
-- decisions: delete accept
with

emptied as (
    select people.person_key
    from staging.profile_records as records
    inner join matching.people as people on people.profile_key = records.profile_key
    where records.fate = 'kept'
    group by people.person_key
    having bool_and(records.is_emptied)
)

select
    'contacts' as entity,
    contacts.contact_key as key,
    null as field,
    null as value,
    'the newest row of this person in the exports is empty' as reason,
    'delete' as suggestion,
from freshsales.contacts as contacts
inner join emptied on emptied.person_key = contacts.contact_key
