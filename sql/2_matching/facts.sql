-- What is known of every profile that can be compared, tidied: small letters without accents and marks, dates as eight digits.
-- one row per profile_key, field
with
-- text, identifier and category are ways to compare: such an attribute is a field of its own, under its own name
kinds as (
    select
        attribute,
        if(compares_as in ('text', 'identifier', 'category'), attribute, compares_as) as field,
        -- where several attributes say the same thing, the standard field counts, and then the first by name
        row_number() over (order by attribute not in ('first_name', 'last_name', 'email', 'mobile_number'), attribute, compares_as)::integer as place,
    from settings.matching
),
named as (
    select * from staging.profiles where not is_anonymous
),
given as (
    select profile_key, 'first_name' as attribute, first_name as value from named
    union all
    select profile_key, 'last_name' as attribute, last_name as value from named
    union all
    -- an address such as info@ belongs to nobody in particular
    select named.profile_key, 'email' as attribute, lower(trim(coalesce(named.email, named.email_raw))) as value
    from named
    left join staging.emails as emails
        on emails.email_raw = named.email_raw
    where not coalesce(emails.is_role, false)
    union all
    select profile_key, 'mobile_number' as attribute, coalesce(mobile_number, mobile_raw) as value from named
    union all
    select profile_key, 'company_name' as attribute, company_name as value from named
    union all
    select profile_key, 'country' as attribute, country as value from named
    union all
    select profile_key, name as attribute, value from staging.attributes where name in (select attribute from kinds)
),
tidied as (
    select
        given.profile_key,
        kinds.field,
        kinds.place,
        case
            when kinds.field = 'birth_date' then lpad(strftime(coalesce(
                birth_day(value, orders.is_month_first, today.today),
                try_strptime(value, ['%Y-%m', '%Y'])
            ), '%Y%m%d'), 8, '0')
            when kinds.field = 'email' then value
            when kinds.field = 'phone' then regexp_replace(value, '[^0-9]', '', 'g')
            else trim(regexp_replace(replace(replace(lower(strip_accents(value)), '''', ''), '’', ''), '[^\pL\pN]+', ' ', 'g'))
        end as value,
    from given
    inner join kinds
        on kinds.attribute = given.attribute
    cross join (select try_cast(value as timestamptz)::date as today from settings.run where name = 'run_at') as today
    left join staging.attribute_orders as orders
        on orders.attribute = given.attribute
        and kinds.field = 'birth_date'
    where given.value is not null
),
chosen as (
    select profile_key, field, arg_min(value, place) as value
    from tidied
    where value <> ''
    group by profile_key, field
),
-- term frequencies: how many other profiles have the same value
counted as (
    select field, value, count(*) - 1 as others
    from chosen
    group by field, value
)
select chosen.profile_key, chosen.field, chosen.value, counted.others
from chosen
inner join counted
    on counted.field = chosen.field
    and counted.value = chosen.value
