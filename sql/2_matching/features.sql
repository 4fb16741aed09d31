-- What is compared of every profile, one column per field, with the spellings and the term frequencies that comparing needs.
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
        any_value(value) filter (field = 'postcode') as postcode_spaced,
        any_value(value) filter (field = 'state') as state,
        any_value(value) filter (field = 'street') as street,
        any_value(value) filter (field = 'street_number') as street_number,
        any_value(value) filter (field = 'address_2') as address_2,
        any_value(value) filter (field = 'birth_place') as birth_place,
        any_value(value) filter (field = 'gender') as gender,
        any_value(value) filter (field = 'occupation') as occupation,
        list(value order by field) filter (is_added) as other_values,
        -- how many others have the same
        any_value(others) filter (field = 'given_name') as given_name_others,
        any_value(others) filter (field = 'surname') as surname_others,
        any_value(others) filter (field = 'birth_date') as birth_date_others,
        any_value(others) filter (field = 'email') as email_others,
        any_value(others) filter (field = 'phone') as phone_others,
        any_value(others) filter (field = 'town') as town_others,
        any_value(others) filter (field = 'postcode') as postcode_others,
        any_value(others) filter (field = 'birth_place') as birth_place_others,
        any_value(others) filter (field = 'occupation') as occupation_others,
    from (
        select *, field in (select attribute from settings.matching where compares_as in ('text', 'identifier', 'category')) as is_added
        from matching.facts
    )
    group by profile_key
),
nicknames as (
    select nickname, list_append(list(distinct name order by name), nickname) as names
    from settings.nicknames
    group by nickname
),
-- a name that several families use is one, whether it is on a list or not
known_names as (
    select name from settings.given_names
    union
    select name from settings.nicknames
    union
    select nickname from settings.nicknames
    union
    select split_part(given_name, ' ', 1) as name
    from wide
    group by 1
    having count(distinct surname) >= greatest(4, (select count(*) from wide) / 2000)
),
-- Erik and Eric, Sara and Sarah are one name in two spellings
spellings as (
    select
        name,
        array_to_string(list_filter(letters, lambda letter, place: letter is distinct from letters[place - 1]), '') as sound,
    from (
        select
            name,
            string_split(
                regexp_replace(replace(replace(replace(replace(replace(translate(
                    replace(replace(replace(replace(name, 'ph', 'f'), 'th', 't'), 'ck', 'k'), 'ch', 'x'),
                'cqyzw', 'kkisv'), 'hn', 'n'), 'gh', 'g'), 'dh', 'd'), 'ei', 'i'), 'ie', 'i'), 'h$', ''),
            '') as letters,
        from (select distinct split_part(given_name, ' ', 1) as name from wide where given_name is not null)
    )
),
domains as (
    select split_part(email, '@', 2) as email_domain, count(*) / sum(count(*)) over () as share
    from wide
    where email is not null
    group by 1
),
mailboxes as (
    select email, count(distinct split_part(given_name, ' ', 1)) <= 1 as is_of_one
    from wide
    where email_others > 0
    group by email
),
spelt as (
    select
        wide.*,
        split_part(given_name, ' ', 1) as given_first,
        replace(postcode_spaced, ' ', '') as postcode,
        case
            when contains(postcode_spaced, ' ') then split_part(postcode_spaced, ' ', 1)
            when regexp_matches(postcode_spaced, '^[0-9]+$') then postcode_spaced[:3]
            else postcode_spaced[:greatest(2, length(postcode_spaced) - 3)]
        end as district,
        split_part(email, '@', 1) as email_local,
        split_part(email, '@', 2) as email_domain,
        -- what tells "Till 01" from "Till 02"
        nullif(trim(regexp_replace(concat_ws(' ', given_name, surname), '[^0-9]+', ' ', 'g')), '') as name_number,
    from wide
),
-- numbered by what they say, not by how their keys are spelt: what ids decide is the same however those are spelt
numbered as (
    select profile_key, row_number() over (order by content, profile_key)::integer as id
    from (
        select
            profile_key,
            hash((
                given_name, surname, full_name, birth_date, email, phone,
                town, replace(postcode_spaced, ' ', ''), street, street_number, address_2, gender, other_values
            )) as content,
        from wide
    )
)
select
    numbered.id,
    spelt.* exclude (other_values),
    profiles.user_id,
    -- null where there is but one form
    nicknames.names as given_forms,
    known_names.name is not null as is_known_given,
    spellings.sound as given_sound,
    profiles.generation,
    -- to find letters that were interchanged
    sorted_letters(given_name) as given_letters,
    sorted_letters(surname) as surname_letters,
    coalesce(sorted_letters(concat(given_name, surname)), '') as name_letters,
    sorted_letters(spelt.email) as email_letters,
    sorted_letters(town) as town_letters,
    case when length(spelt.phone) >= 8 then spelt.phone[-8:] end as phone_end,
    -- one mailbox, however it is written: what follows a plus, and at some providers dots, do not count
    case
        when spelt.email_domain in ('gmail.com', 'googlemail.com') then replace(split_part(email_local, '+', 1), '.', '') || '@gmail.com'
        else split_part(email_local, '+', 1) || '@' || spelt.email_domain
    end as mailbox,
    coalesce(mailboxes.is_of_one, true) as is_mailbox_of_one,
    coalesce(domains.share, 0) as email_domain_share,
    public_domains.text is not null as is_email_public,
    -- an address made of the name says little more than the name
    coalesce(length(surname) >= 3 and contains(email_local, replace(surname, ' ', '')), false)
    or coalesce(length(given_name) >= 3 and contains(email_local, given_first), false) as is_email_of_name,
    try_strptime(birth_date, '%Y%m%d')::date - date '1800-01-01' as birth_day,
    try_cast(birth_date[:4] as smallint) as birth_year,
    try_cast(birth_date[5:] as smallint) as birth_month_day,
from spelt
inner join numbered
    on numbered.profile_key = spelt.profile_key
inner join staging.profiles as profiles
    on profiles.profile_key = spelt.profile_key
left join nicknames
    on nicknames.nickname = spelt.given_first
left join known_names
    on known_names.name = spelt.given_first
left join spellings
    on spellings.name = spelt.given_first
left join domains
    on domains.email_domain = spelt.email_domain
left join (select distinct text from settings.email_domains where kind = 'common') as public_domains
    on public_domains.text = spelt.email_domain
left join mailboxes
    on mailboxes.email = spelt.email
