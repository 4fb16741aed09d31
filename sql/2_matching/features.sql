-- What is compared of every profile, one column per field, with the spellings and the frequencies that comparing needs.
-- one row per profile_key
with
wide as (
    select
        profile_key,
        any_value(value) filter (field = 'given_name') as given_name,
        any_value(value) filter (field = 'surname') as surname,
        any_value(value) filter (field = 'full_name') as full_name,
        any_value(value) filter (field = 'birth_date') as birth_date,
        any_value(value) filter (field = 'email') as email,
        any_value(value) filter (field = 'phone') as phone,
        any_value(value) filter (field = 'town') as town,
        any_value(replace(value, ' ', '')) filter (field = 'postcode') as postcode,
        any_value(case when contains(value, ' ') then split_part(value, ' ', 1) when regexp_matches(value, '^[0-9]+$') then value[:3] else value[:greatest(2, length(value) - 3)] end)
            filter (field = 'postcode') as district,
        any_value(value) filter (field = 'state') as state,
        any_value(value) filter (field = 'street') as street,
        any_value(value) filter (field = 'street_number') as street_number,
        any_value(value) filter (field = 'address_2') as address_2,
        any_value(value) filter (field = 'birth_place') as birth_place,
        any_value(value) filter (field = 'gender') as gender,
        any_value(value) filter (field = 'occupation') as occupation,
        list(field order by field) filter (is_added) as other_fields,
        list(value order by field) filter (is_added) as other_values,
    from (select *, field in (select attribute from settings.matching where compares_as in ('text', 'identifier', 'category')) as is_added from matching.facts)
    group by profile_key
),
nicknames as (
    select nickname, list(distinct name order by name) as names
    from settings.nicknames
    group by nickname
),
-- a name that several families use is one, whether it is on the list or not
used_names as (
    select split_part(given_name, ' ', 1) as name
    from wide
    group by 1
    having count(distinct surname) >= greatest(4, (select count(*) from wide) / 2000)
),
known_names as (
    select name from settings.given_names
    union
    select name from settings.nicknames
    union
    select nickname from settings.nicknames
    union
    select name from used_names
),
spelt as (
    select
        wide.*,
        user_ids.user_id,
        split_part(given_name, ' ', 1) as given_first,
        split_part(email, '@', 1) as email_local,
        split_part(email, '@', 2) as email_domain,
        -- where "Till 01" and "Guest 4" are counted
        nullif(regexp_replace(concat_ws(' ', given_name, surname), '[^0-9]+', ' ', 'g').trim(), '') as name_number,
    from wide
    inner join (select profile_key, user_id from staging.profiles) as user_ids
        on user_ids.profile_key = wide.profile_key
)
select
    row_number() over (order by spelt.profile_key)::integer as id,
    spelt.*,
    list_concat(coalesce(nicknames.names, []), [given_first]) as given_forms,
    nicknames.names is not null as has_nickname,
    known_names.name is not null as is_known_given,
    array_to_string(list_sort(string_split(given_name, '')), '') as given_letters,
    array_to_string(list_sort(string_split(surname, '')), '') as surname_letters,
    array_to_string(list_sort(string_split(concat(given_name, surname), '')), '') as name_letters,
    array_to_string(list_sort(string_split(email, '')), '') as email_letters,
    array_to_string(list_sort(string_split(town, '')), '') as town_letters,
    -- one mailbox, however it is written: what follows a plus, and at some providers dots, do not count
    case
        when email_domain in ('gmail.com', 'googlemail.com') then replace(split_part(email_local, '+', 1), '.', '') || '@gmail.com'
        else split_part(email_local, '+', 1) || '@' || email_domain
    end as mailbox,
    -- an address made of the name says little more than the name
    coalesce(length(surname) >= 3 and contains(email_local, replace(surname, ' ', '')), false)
    or coalesce(length(given_name) >= 3 and contains(email_local, given_first), false) as is_email_of_name,
    try_strptime(birth_date, '%Y%m%d')::date - date '1800-01-01' as birth_day,
    try_cast(birth_date[:4] as smallint) as birth_year,
    try_cast(birth_date[5:] as smallint) as birth_month_day,
    -- term frequencies: how many others have the same value, of how many who have one
    greatest(0, count(given_name) over (partition by given_name) - 1) as given_name_profiles,
    greatest(0, count(given_name) over () - 1) as given_name_filled,
    greatest(0, count(surname) over (partition by surname) - 1) as surname_profiles,
    greatest(0, count(surname) over () - 1) as surname_filled,
    greatest(0, count(birth_date) over (partition by birth_date) - 1) as birth_date_profiles,
    greatest(0, count(birth_date) over () - 1) as birth_date_filled,
    greatest(0, count(town) over (partition by town) - 1) as town_profiles,
    greatest(0, count(town) over () - 1) as town_filled,
    greatest(0, count(postcode) over (partition by postcode) - 1) as postcode_profiles,
    greatest(0, count(postcode) over () - 1) as postcode_filled,
    greatest(0, count(birth_place) over (partition by birth_place) - 1) as birth_place_profiles,
    greatest(0, count(birth_place) over () - 1) as birth_place_filled,
    greatest(0, count(occupation) over (partition by occupation) - 1) as occupation_profiles,
    greatest(0, count(occupation) over () - 1) as occupation_filled,
    count(email_domain) over (partition by email_domain) / count(email_domain) over () as email_domain_share,
    count(*) over (partition by email) as email_profiles,
    count(*) over (partition by phone) as phone_profiles,
    coalesce(min(given_first) over (partition by email) = max(given_first) over (partition by email), true) as is_mailbox_of_one,
from spelt
left join nicknames
    on nicknames.nickname = spelt.given_first
left join known_names
    on known_names.name = spelt.given_first
