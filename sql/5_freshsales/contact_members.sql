-- Every source profile of every contact, so that a person is found again under any of their ids.
-- one row per profile_key
with

members as (
    select
        people.profile_key,
        people.person_key as contact_key,
    from matching.people as people
    semi join freshsales.contacts as contacts on contacts.contact_key = people.person_key
    where people.decided_by <> 'deleted'
)

select * from members
