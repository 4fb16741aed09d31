-- These values were longer than Freshsales takes and were cut.
-- severity: note
-- fix: shorten the value in Xtremepush if the end matters
-- decisions: clean
with

before as (
    unpivot (
        select facts.contact_key, facts.first_name, facts.last_name, facts.job_title, facts.work_number, facts.address, facts.city, facts.state, facts.zipcode
        from mapping.contact_facts as facts
        semi join mapping.contact_policies as policies
            on policies.contact_key = facts.contact_key and policies.is_over_long
    )
    on first_name, last_name, job_title, work_number, address, city, state, zipcode
    into name field value value
),

standard as (
    select
        'contacts' as entity,
        before.contact_key as key,
        before.field,
        before.value,
        'cut to ' || limits.max_length || ' of ' || length(before.value) || ' characters' as reason,
        left(before.value, try_cast(limits.max_length as bigint)) as suggestion,
    from before
    inner join settings.field_limits as limits
        on limits.entity = 'contacts' and limits.field = before.field
    where length(before.value) > try_cast(limits.max_length as bigint)
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
