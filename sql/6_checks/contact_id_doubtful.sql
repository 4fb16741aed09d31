-- An id that a spreadsheet rounded, or that people of different names share, tells nobody apart; its records may belong to somebody else.
-- severity: hold
-- fix: export the ids again as text, without opening the file in a spreadsheet; or accept, if the person is right without that id
-- decisions: accept delete
select distinct
    'contacts' as entity,
    contacts.contact_key as key,
    'external_id' as field,
    profiles.id_problem as value,
    'an id of this person is not theirs alone, so it was used for nothing' as reason,
    null as suggestion,
from staging.profiles as profiles
inner join matching.people as people on people.profile_key = profiles.profile_key
inner join freshsales.contacts as contacts on contacts.contact_key = people.person_key
where regexp_matches(profiles.id_problem, 'rounded|share')
