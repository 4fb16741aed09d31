-- The export itself calls these people deleted, erased, deceased or merged, or a list of such people names them; nobody makes them again unasked.
-- severity: hold
-- fix: delete leaves them behind, accept moves them all the same; one answer for the rule answers for all
-- decisions: delete accept
with

marked as (
    select
        people.person_key,
        string_agg(distinct profiles.gone_as, ', ') as value,
        'the export says ' || string_agg(distinct profiles.gone_evidence, '; ') as reason,
    from staging.profiles as profiles
    inner join matching.people as people on people.profile_key = profiles.profile_key
    group by people.person_key
    having bool_and(profiles.gone_as is not null)
),

named as (
    select preference_name, profile_key
    from staging.consents
    where is_binding_list(preference_name) and profile_key is not null
    union
    select lists.preference_name, addressed.profile_key
    from staging.consents as lists
    inner join staging.addressed_profiles as addressed
        on addressed.address = lists.address
        and addressed.is_sure
    where is_binding_list(lists.preference_name)
),

-- One profile that is to be erased is enough: the list means the person.
listed as (
    select
        people.person_key,
        string_agg(distinct replace(named.preference_name, 'list of people ', ''), ', ') as value,
        string_agg(distinct 'a ' || named.preference_name || ' names them', '; ') as reason,
    from named
    inner join matching.people as people on people.profile_key = named.profile_key
    group by people.person_key
),

together as (
    select coalesce(marked.person_key, listed.person_key) as person_key, concat_ws(', ', marked.value, listed.value) as value, concat_ws('; ', marked.reason, listed.reason) as reason
    from marked
    full join listed on listed.person_key = marked.person_key
)

select
    'contacts' as entity,
    contacts.contact_key as key,
    null as field,
    together.value,
    together.reason,
    'delete' as suggestion,
from freshsales.contacts as contacts
inner join together on together.person_key = contacts.contact_key
where coalesce((select profiles_gone from staging.typed_options), 'ask') <> 'keep'
