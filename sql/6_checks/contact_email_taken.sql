-- An e-mail can belong to one contact only.
-- severity: hold
-- fix: say whether the two are one person (merge), or give one of them another address
-- decisions: clean delete merge
with

ranked as (
    select
        contacts.contact_key,
        contacts.email,
        row_number() over holders as rank,
        first_value(contacts.contact_key) over holders as holder_key,
    from freshsales.contacts as contacts
    inner join matching.golden as golden on golden.person_key = contacts.contact_key
    where contacts.email is not null
    window holders as (partition by lower(contacts.email) order by golden.created_at nulls last, contacts.contact_key)
),

later as (
    select
        'contacts' as entity,
        contact_key as key,
        'email' as field,
        email as value,
        'contact ' || holder_key || ' has this e-mail already' as reason,
        null as suggestion,
        holder_key,
    from ranked
    where rank > 1
)

select * from later
