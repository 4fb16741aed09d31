-- What is compared of every profile: one column per kind of evidence named in settings.matching, in small letters, without accents and marks.
-- one row per profile_key
with
-- where several attributes say the same thing, the standard field counts, and then the first by name
kinds as (
    select
        attribute,
        compares_as,
        row_number() over (order by attribute not in ('first_name', 'last_name', 'email', 'mobile_number'), attribute, compares_as)::integer as place,
    from settings.matching
),
given as (
    select profile_key, 'first_name' as attribute, first_name as value from staging.profiles where not is_anonymous
    union all
    select profile_key, 'last_name' as attribute, last_name as value from staging.profiles where not is_anonymous
    union all
    -- an address such as info@ belongs to nobody in particular
    select profiles.profile_key, 'email' as attribute, lower(trim(coalesce(profiles.email, profiles.email_raw))) as value
    from staging.profiles as profiles
    left join staging.emails as emails
        on emails.email_raw = profiles.email_raw
    where not profiles.is_anonymous
        and not coalesce(emails.is_role, false)
    union all
    select profile_key, 'mobile_number' as attribute, coalesce(mobile_number, mobile_raw) as value from staging.profiles where not is_anonymous
    union all
    select profile_key, 'company_name' as attribute, company_name as value from staging.profiles where not is_anonymous
    union all
    select profile_key, 'country' as attribute, country as value from staging.profiles where not is_anonymous
    union all
    select profile_key, name as attribute, value from staging.attributes where name in (select attribute from kinds)
),
-- day or month first is decided once per attribute: the order that more of its values can be read in
date_orders as (
    select
        given.attribute,
        count(*) filter (regexp_matches(value, '^(1[3-9]|2[0-9]|3[01])[./-]')) < count(*) filter (regexp_matches(value, '^[0-9]{1,2}[./-](1[3-9]|2[0-9]|3[01])[./-]')) as is_month_first,
    from given
    inner join kinds
        on kinds.attribute = given.attribute
        and kinds.compares_as = 'birth_date'
    group by given.attribute
),
typed as (
    select
        given.profile_key,
        kinds.compares_as,
        kinds.place,
        case
            when kinds.compares_as = 'birth_date' then lpad(strftime(coalesce(
                try_strptime(value[:10], ['%Y-%m-%d', '%Y/%m/%d', '%Y.%m.%d']),
                try_strptime(value, ['%Y%m%d']),
                if(date_orders.is_month_first,
                    try_strptime(value, ['%m/%d/%Y', '%m-%d-%Y', '%m.%d.%Y', '%m/%d/%y']),
                    try_strptime(value, ['%d/%m/%Y', '%d-%m-%Y', '%d.%m.%Y', '%d/%m/%y'])),
                try_strptime(value, ['%d %b %Y', '%d %B %Y', '%b %d, %Y', '%B %d, %Y', '%b %d %Y', '%B %d %Y', '%Y-%m', '%Y'])
            ), '%Y%m%d'), 8, '0')
            when kinds.compares_as = 'email' then value
            when kinds.compares_as = 'phone' then regexp_replace(value, '[^0-9]', '', 'g')
            else trim(regexp_replace(replace(replace(lower(strip_accents(value)), '''', ''), '’', ''), '[^\pL\pN]+', ' ', 'g'))
        end as value,
    from given
    inner join kinds
        on kinds.attribute = given.attribute
    left join date_orders
        on date_orders.attribute = given.attribute
        and kinds.compares_as = 'birth_date'
    where given.value is not null
),
wide as (
    select
        profile_key,
        arg_min(value, place) filter (compares_as = 'given_name') as given_name,
        arg_min(value, place) filter (compares_as = 'surname') as surname,
        arg_min(value, place) filter (compares_as = 'full_name') as full_name,
        arg_min(value, place) filter (compares_as = 'birth_date') as birth_date,
        arg_min(value, place) filter (compares_as = 'email') as email,
        arg_min(value, place) filter (compares_as = 'phone') as phone,
        arg_min(value, place) filter (compares_as = 'town') as town,
        arg_min(value, place) filter (compares_as = 'postcode') as postcode,
        arg_min(value, place) filter (compares_as = 'street') as street,
        arg_min(value, place) filter (compares_as = 'street_number') as street_number,
        arg_min(value, place) filter (compares_as = 'address_2') as address_2,
        arg_min(value, place) filter (compares_as = 'state') as state,
        arg_min(value, place) filter (compares_as = 'gender') as gender,
        arg_min(value, place) filter (compares_as = 'occupation') as occupation,
        arg_min(value, place) filter (compares_as = 'birth_place') as birth_place,
        arg_min(value, place) filter (compares_as = 'code') as code,
        arg_min(value, place) filter (compares_as = 'other') as other,
    from typed
    where value <> ''
    group by profile_key
),
nicknames as (
    select nickname, list(distinct name order by name) as names
    from settings.nicknames
    group by nickname
),
-- how many have a value, and its letters in order
given_names as (select given_name, count(*) as profiles, array_to_string(list_sort(string_split(given_name, '')), '') as letters from wide group by given_name),
surnames as (select surname, count(*) as profiles, array_to_string(list_sort(string_split(surname, '')), '') as letters from wide group by surname),
birth_dates as (select birth_date, count(*) as profiles from wide group by birth_date),
towns as (select town, count(*) as profiles, array_to_string(list_sort(string_split(town, '')), '') as letters from wide group by town),
postcodes as (select postcode, count(*) as profiles from wide group by postcode),
occupations as (select occupation, count(*) as profiles from wide group by occupation),
birth_places as (select birth_place, count(*) as profiles from wide group by birth_place),
emails as (select email, count(*) as profiles from wide group by email),
phones as (select phone, count(*) as profiles from wide group by phone),
totals as (
    select count(given_name) as given_name, count(surname) as surname, count(birth_date) as birth_date, count(town) as town, count(postcode) as postcode, count(occupation) as occupation, count(birth_place) as birth_place
    from wide
)
select
    wide.profile_key,
    row_number() over (order by wide.profile_key)::integer as id,
    wide.given_name,
    split_part(wide.given_name, ' ', 1) as given_first,
    list_concat(coalesce(nicknames.names, []), [split_part(wide.given_name, ' ', 1)]) as given_names,
    nicknames.names is not null as has_nickname,
    wide.surname,
    wide.full_name,
    wide.birth_date,
    try_strptime(wide.birth_date, '%Y%m%d')::date - date '1800-01-01' as birth_day,
    try_cast(wide.birth_date[:4] as smallint) as birth_year,
    try_cast(wide.birth_date[5:] as smallint) as birth_month_day,
    wide.email,
    split_part(wide.email, '@', 1) as email_local,
    -- an address made of the name says little more than the name
    coalesce(length(wide.surname) >= 3 and contains(split_part(wide.email, '@', 1), replace(wide.surname, ' ', '')), false)
        or coalesce(length(wide.given_name) >= 3 and contains(split_part(wide.email, '@', 1), split_part(wide.given_name, ' ', 1)), false) as is_email_of_name,
    wide.phone,
    wide.town,
    replace(wide.postcode, ' ', '') as postcode,
    case
        when contains(wide.postcode, ' ') then split_part(wide.postcode, ' ', 1)
        when regexp_matches(wide.postcode, '^[0-9]+$') then wide.postcode[:3]
        else wide.postcode[:greatest(2, length(wide.postcode) - 3)]
    end as district,
    wide.street,
    wide.street_number,
    wide.address_2,
    wide.state,
    wide.gender,
    wide.occupation,
    wide.birth_place,
    wide.code,
    wide.other,
    given_names.letters as given_letters,
    surnames.letters as surname_letters,
    array_to_string(list_sort(string_split(wide.email, '')), '') as email_letters,
    towns.letters as town_letters,
    -- how many of those who have the value at all have this one
    given_names.profiles / totals.given_name as given_name_share,
    surnames.profiles / totals.surname as surname_share,
    birth_dates.profiles / totals.birth_date as birth_date_share,
    towns.profiles / totals.town as town_share,
    postcodes.profiles / totals.postcode as postcode_share,
    occupations.profiles / totals.occupation as occupation_share,
    birth_places.profiles / totals.birth_place as birth_place_share,
    emails.profiles as email_profiles,
    phones.profiles as phone_profiles,
from wide
left join nicknames
    on nicknames.nickname = split_part(wide.given_name, ' ', 1)
cross join totals
left join given_names
    on given_names.given_name = wide.given_name
left join surnames
    on surnames.surname = wide.surname
left join birth_dates
    on birth_dates.birth_date = wide.birth_date
left join towns
    on towns.town = wide.town
left join postcodes
    on postcodes.postcode = wide.postcode
left join occupations
    on occupations.occupation = wide.occupation
left join birth_places
    on birth_places.birth_place = wide.birth_place
left join emails
    on emails.email = wide.email
left join phones
    on phones.phone = wide.phone
