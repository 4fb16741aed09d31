-- A value longer than Freshsales takes holds its contact back.
-- severity: hold
-- fix: shorten the value
-- engineer: to cut such values instead: set contacts.over_long to cut in ferry.yaml, then ferry transform
-- decisions: clean delete
with

lengths as (
    unpivot (
        select
            contact_key,
            columns(name -> name not in ('contact_key', 'account_key', 'custom_field', 'tags') and not starts_with(name, 'cf_'))::varchar,
        from freshsales.contacts
    )
    on columns(* exclude (contact_key))
    into name field value value
),

too_long as (
    select
        'contacts' as entity,
        lengths.contact_key as key,
        lengths.field,
        lengths.value,
        length(lengths.value) || ' characters, and Freshsales takes ' || limits.max_length as reason,
        left(lengths.value, try_cast(limits.max_length as bigint)) as suggestion,
    from lengths
    inner join settings.field_limits as limits
        on limits.entity = 'contacts' and limits.field = lengths.field
    where length(lengths.value) > try_cast(limits.max_length as bigint)
)

select * from too_long
