-- These values were longer than Freshsales takes and were cut.
-- severity: note
-- fix: shorten the value in Xtremepush if the end matters
-- decisions: clean
with

over_long as (
    select facts.*
    from mapping.contact_facts as facts
    semi join mapping.contact_policies as policies
        on policies.contact_key = facts.contact_key and policies.is_over_long and policies.over_long = 'cut'
),

before as (
    select contact_key, field, value
    from (unpivot (select contact_key, first_name, last_name, work_number from over_long)
        on first_name, last_name, work_number into name field value value)
    union all
    select contact_key, unnest(map_keys(fields_of(contact_fields))) as field, unnest(map_values(fields_of(contact_fields))) as value
    from over_long
),

standard as (
    select
        'contacts' as entity,
        before.contact_key as key,
        before.field,
        before.value,
        'cut to ' || most || ' of ' || length(before.value) || ' characters' as reason,
        left(before.value, most) as suggestion,
    from before
    left join settings.field_limits as limits
        on limits.entity = 'contacts' and limits.field = before.field
    cross join lateral (
        select coalesce(try_cast(limits.max_length as bigint), (select text_max_length from staging.typed_options)) as most
    )
    where length(before.value) > most
),

custom as (
    select
        'contacts' as entity,
        person_key as key,
        name as field,
        original as value,
        problem as reason,
        value as suggestion,
    from mapping.person_fields
    where problem like 'cut to %'
),

together as (
    select * from standard
    union all
    select * from custom
)

select * from together
