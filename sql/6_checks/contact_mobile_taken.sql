-- A mobile number can belong to one contact only.
-- severity: hold
-- fix: say whether the two are one person (merge), or give one of them another number
-- engineer: to move such numbers to the work number: set contacts.shared_mobile to work_number in ferry.yaml, then ferry transform
-- decisions: clean delete merge
with

ranked as (
    select
        contacts.contact_key,
        contacts.mobile_number,
        row_number() over holders as rank,
        first_value(contacts.contact_key) over holders as holder_key,
    from freshsales.contacts as contacts
    inner join matching.golden as golden on golden.person_key = contacts.contact_key
    where contacts.mobile_number is not null
    window holders as (partition by lower(contacts.mobile_number) order by golden.created_at nulls last, contacts.contact_key)
),

later as (
    select
        'contacts' as entity,
        contact_key as key,
        'mobile_number' as field,
        mobile_number as value,
        'contact ' || holder_key || ' has this mobile number already' as reason,
        null as suggestion,
        holder_key,
    from ranked
    where rank > 1
)

select * from later
