-- Which Freshsales user a text in the data means: as the list says, or as the customer answered.
-- one row per owner_text
with

listed as (
    select lower(trim(value)) as owner_text, nullif(lower(trim(owner_email)), '') as owner_email
    from settings.owners
    where trim(value) <> ''
    qualify row_number() over (partition by lower(trim(value)) order by owner_email) = 1
),

answered as (
    select item as owner_text, case when decision = 'change' then lower(value) end as owner_email
    from mapping.list_answers
    where list = 'owners'
      and decision in ('change', 'skip')
)

select
    coalesce(answered.owner_text, listed.owner_text) as owner_text,
    case when answered.owner_text is not null then answered.owner_email else listed.owner_email end as owner_email,
    answered.owner_text is not null and answered.owner_email is null as is_nobody,
from listed
full join answered on answered.owner_text = listed.owner_text
