-- Everything known about a person that needs a place in Freshsales, one value per name.
-- one row per person_key, attribute
with

-- What somebody allows by push is weighed like e-mail and SMS, and where anything was said, unknown is no yes.
people as (
    select
        golden.* exclude (push_subscription),
        case when consent.signals > 0 then (consent.state = 'opted in')::varchar end as push_subscription,
    from matching.golden as golden
    left join mapping.consent as consent
        on consent.person_key = golden.person_key
        and consent.channel = 'push'
    where not golden.is_anonymous
),

-- These columns of the profile have no field of their own in Freshsales.
from_columns as (
    unpivot (
        select
            person_key,
            language,
            timezone,
            whatsapp_number,
            push_subscription,
            strftime(source_day(created_at), '%Y-%m-%d') as create_time,
            strftime(source_day(last_seen_at), '%Y-%m-%d') as last_seen_time,
        from people
    )
    on language, timezone, whatsapp_number, push_subscription, create_time, last_seen_time
    into name attribute value value
),

from_attributes as (
    select attributes.person_key, attributes.name as attribute, attributes.value
    from matching.attributes
    semi join people on people.person_key = attributes.person_key
    where attributes.name not in
        ('language', 'timezone', 'whatsapp_number', 'push_subscription', 'create_time', 'last_seen_time')
),

together as (
    select person_key, attribute, value from from_columns
    union all
    select person_key, attribute, value from from_attributes
),

-- A store code or a location id becomes the text a salesperson can read.
resolved as (
    select
        together.person_key,
        together.attribute,
        coalesce("references".text, together.value) as value,
        "references".text is not null as is_reference,
    from together
    left join settings.references as "references"
        on "references".attribute = together.attribute
        and "references".value = together.value
)

select * from resolved
