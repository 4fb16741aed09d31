-- A customer number can belong to one contact only.
-- severity: hold
-- fix: say whether the two are one person (merge), or correct the number in Xtremepush and export again
-- decisions: clean delete merge
with

ranked as (
    select
        contacts.contact_key,
        contacts.external_id,
        row_number() over holders as rank,
        first_value(contacts.contact_key) over holders as holder_key,
    from freshsales.contacts as contacts
    inner join matching.golden as golden on golden.person_key = contacts.contact_key
    where contacts.external_id is not null
    window holders as (partition by lower(contacts.external_id) order by golden.created_at nulls last, contacts.contact_key)
),

later as (
    select
        'contacts' as entity,
        contact_key as key,
        'external_id' as field,
        external_id as value,
        'contact ' || holder_key || ' has this external id already' as reason,
        null as suggestion,
        holder_key,
    from ranked
    where rank > 1
)

select * from later
