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
    select profile_key, 'first_name' as attribute, first_name as value, 1 as is_column from named
    union all
    select profile_key, 'last_name' as attribute, last_name as value, 1 as is_column from named
    union all
    -- an address such as info@ belongs to nobody in particular
    select named.profile_key, 'email' as attribute, lower(trim(coalesce(named.email, named.email_raw))) as value, 1 as is_column
    from named
    left join staging.emails as emails
        on emails.email_raw = named.email_raw
    where not coalesce(emails.is_role, false)
      and not coalesce(is_no_address(named.email_raw), false)
    union all
    select profile_key, 'mobile_number' as attribute, coalesce(mobile_number, mobile_raw) as value, 1 as is_column
    from named
    where mobile_number is not null or not coalesce(is_no_number(digits_of(mobile_raw)), false)
    union all
    select profile_key, 'company_name' as attribute, company_name as value, 1 as is_column from named
    union all
    select profile_key, 'country' as attribute, country as value, 1 as is_column from named
    union all
    select profile_key, name as attribute, value, 0 as is_column from staging.attributes where name in (select attribute from kinds)
),
given_kinds as (
    -- what stands in the profile's own column counts before an attribute of the same name
    select given.profile_key, given.attribute, given.value, kinds.field, kinds.place * 2 - given.is_column as place
    from given
    inner join kinds
        on kinds.attribute = given.attribute
    where given.value is not null
),
-- a day is read once for every way it is written
birth_days as (
    select
        written.attribute,
        written.value,
        coalesce(
            birth_day(written.value, orders.is_month_first, today.today),
            try_strptime(written.value, ['%Y-%m', '%Y'])
        ) as day,
    from (select distinct attribute, value from given_kinds where field = 'birth_date') as written
    cross join (select try_cast(value as timestamptz)::date as today from settings.run where name = 'run_at') as today
    left join staging.attribute_orders as orders
        on orders.attribute = written.attribute
),
birth_dates as (
    select attribute, value, lpad(strftime(day, '%Y%m%d'), 8, '0') as birth_date
    from birth_days
    where not is_no_birth(day)
),
-- materialized, so that no text is tidied twice, for its value and to see whether there is one
tidied as materialized (
    select
        profile_key,
        field,
        place,
        case field
            when 'email' then value
            when 'phone' then regexp_replace(value, '[^0-9]', '', 'g')
            else
                case
                    -- most texts are tidy already
                    when regexp_full_match(value, '[A-Za-z0-9]+( [A-Za-z0-9]+)*') then lower(value)
                    else trim(regexp_replace(replace(replace(lower(strip_accents(value)), '''', ''), '’', ''), '[^\pL\pN]+', ' ', 'g'))
                end
        end as value,
    from given_kinds
    where field <> 'birth_date'
    union all
    select given_kinds.profile_key, given_kinds.field, given_kinds.place, birth_dates.birth_date as value
    from given_kinds
    inner join birth_dates
        on birth_dates.attribute = given_kinds.attribute
        and birth_dates.value = given_kinds.value
    where given_kinds.field = 'birth_date'
),
-- most fields are said by one column or one attribute alone, which says it once of a profile
said_twice as (
    select field
    from tidied
    group by field
    having min(place) < max(place)
),
chosen as (
    select profile_key, field, value
    from tidied
    where value <> ''
        and field not in (select field from said_twice)
    union all
    select profile_key, field, arg_min(value, place) as value
    from tidied
    where value <> ''
        and field in (select field from said_twice)
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
