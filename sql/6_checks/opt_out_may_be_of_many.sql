-- One opt-out names nobody and may mean very many people, because a spreadsheet rounded its number: all of them are unknown.
-- severity: note
-- fix: export the opt-outs again with their whole numbers; accept, if none of these people is meant: then it counts for nobody
-- decisions: accept
select
    'consents' as entity,
    suspects.written as key,
    string_agg(distinct streams.channel, ', ' order by streams.channel) || ' consent' as field,
    count(distinct suspects.profile_key)::varchar as value,
    'may mean each of ' || count(distinct suspects.profile_key) || ' profiles, who are not written to until this is answered' as reason,
    null as suggestion,
from mapping.consent_suspects as suspects
inner join mapping.consent_streams as streams on streams.stream_key = suspects.stream_key
where suspects.is_one_of_many
  and suspects.written is not null
group by suspects.written
