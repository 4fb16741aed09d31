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

work_numbers as (
    select distinct profile_key
    from staging.attributes
    where value <> ''
      and name in (select attribute from settings.standard_attributes where entity = 'contacts' and field = 'work_number')
),

numbers as (
    select people.person_key, list(right(number, 7)) as endings
    from (
        -- a column for the work number goes before the second number of a profile, which then has yet to find its place
        select profile_key, unnest([mobile_number, if(profile_key in (select profile_key from work_numbers), null, work_number)]) as number
        from staging.profiles
    ) as profiles
    inner join matching.people as people on people.profile_key = profiles.profile_key
    where number is not null
    group by people.person_key
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

-- A second column of a number, an address or a name needs a place of its own only where it says something else.
told_already as (
    select from_attributes.person_key, from_attributes.attribute
    from from_attributes
    inner join settings.standard_attributes as standard
        on standard.attribute = from_attributes.attribute
        and standard.entity = 'contacts'
        and standard.field in ('mobile_number', 'email', 'first_name', 'last_name')
    inner join people on people.person_key = from_attributes.person_key
    left join numbers on numbers.person_key = from_attributes.person_key
    where case standard.field
        when 'mobile_number' then list_contains(numbers.endings, right(regexp_replace(from_attributes.value, '\D', '', 'g'), 7))
        when 'email' then lower(from_attributes.value) = people.email
        when 'first_name' then lower(from_attributes.value) = lower(people.first_name)
        else lower(from_attributes.value) = lower(people.last_name)
    end
),

together as (
    select person_key, attribute, value from from_columns
    union all
    select person_key, attribute, value
    from from_attributes
    anti join told_already
        on told_already.person_key = from_attributes.person_key
        and told_already.attribute = from_attributes.attribute
),

-- A store code or a location id becomes the text a salesperson can read.
resolved as (
    select
        together.person_key,
        together.attribute,
        coalesce("references".text, together.value) as value,
        "references".text is not null as is_reference,
    from together
    left join mapping."references" as "references"
        on "references".attribute = together.attribute
        and "references".value = together.value
)

select * from resolved
