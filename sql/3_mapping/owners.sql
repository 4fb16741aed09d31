-- Who looks after each person: the e-mail of a Freshsales user, or nothing if the text names nobody known.
-- one row per person_key
with

named as (
    select person_key, trim(owner_text) as owner_text
    from mapping.standard_fields
    where trim(owner_text) <> ''
),

resolved as (
    select
        named.person_key,
        named.owner_text,
        case
            when owners.is_nobody then null
            else coalesce(owners.owner_email, case when regexp_full_match(named.owner_text, '\S+@\S+\.\S+') then lower(named.owner_text) end)
        end as owner_email,
    from named
    left join mapping.owner_texts as owners on owners.owner_text = lower(named.owner_text)
)

select * from resolved
