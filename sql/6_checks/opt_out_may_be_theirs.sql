-- An opt-out that finds nobody may mean this person, who therefore waits.
-- severity: hold
-- fix: correct the id or address of the opt-out and export again; accept, if it is not about this person: they stay unknown all the same
-- decisions: accept delete
select
    'contacts' as entity,
    contacts.contact_key as key,
    string_agg(distinct streams.channel, ', ') || ' consent' as field,
    string_agg(distinct coalesce(streams.record_key, streams.stream_key), ', ') as value,
    'an opt-out names nobody, but ' || min(suspects.reason) as reason,
    null as suggestion,
from mapping.consent_suspects as suspects
inner join mapping.consent_streams as streams on streams.stream_key = suspects.stream_key
inner join matching.people as people on people.profile_key = suspects.profile_key
inner join freshsales.contacts as contacts on contacts.contact_key = people.person_key
where not suspects.is_one_of_many
group by contacts.contact_key
