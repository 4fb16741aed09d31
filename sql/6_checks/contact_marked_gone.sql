-- The export itself calls these people deleted, erased, deceased or merged; nobody makes them again unasked.
-- severity: hold
-- fix: delete leaves them behind, accept moves them all the same; one answer for the rule answers for all
-- decisions: delete accept
select
    'contacts' as entity,
    contacts.contact_key as key,
    null as field,
    string_agg(distinct profiles.gone_as, ', ') as value,
    'the export says ' || string_agg(distinct profiles.gone_evidence, '; ') as reason,
    'delete' as suggestion,
from freshsales.contacts as contacts
inner join matching.people as people on people.person_key = contacts.contact_key
inner join staging.profiles as profiles on profiles.profile_key = people.profile_key
where coalesce((select profiles_gone from staging.typed_options), 'ask') <> 'keep'
group by contacts.contact_key
having bool_and(profiles.gone_as is not null)
