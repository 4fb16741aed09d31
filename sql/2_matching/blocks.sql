-- The groups within which profiles are compared: profiles that share one of these keys. A key that too many share says nothing and is left out.
-- one row per rule, block, id
with
-- names may stand in the wrong column, so either of them may be the name of a key
names as (
    select id, given_first as name from matching.features where given_first <> ''
    union
    select id, surname as name from matching.features where surname <> ''
),
keys as (
    -- a handful of profiles are all compared with each other
    select 'everybody' as rule, 'everybody' as key, id from matching.features
    union all
    select 'email' as rule, email as key, id from matching.features
    union all
    select 'email letters' as rule, email_letters as key, id from matching.features where not is_email_of_name
    union all
    select 'email start' as rule, email_local[:6] as key, id from matching.features where length(email_local) >= 6 and not is_email_of_name
    union all
    select 'email domain' as rule, split_part(email, '@', 2) as key, id from matching.features where contains(email, '@')
    union all
    select 'phone' as rule, phone[-8:] as key, id from matching.features where length(phone) >= 8
    union all
    select 'code' as rule, code as key, id from matching.features
    union all
    select 'birth date' as rule, birth_date as key, id from matching.features
    union all
    select 'both names' as rule, least(given_first, surname) || '|' || greatest(given_first, surname) as key, id from matching.features
    union all
    select 'letters of both names' as rule, array_to_string(list_sort(string_split(given_name || surname, '')), '') as key, id from matching.features
    union all
    select 'postcode' as rule, postcode as key, id from matching.features
    union all
    select 'street and town' as rule, street || '|' || town as key, id from matching.features
    union all
    select 'name start, town and birth year' as rule, names.name[:3] || '|' || town || '|' || birth_date[:4] as key, id from matching.features inner join names using (id)
    union all
    select 'street and number' as rule, street_number || '|' || street as key, id from matching.features
    union all
    -- where the keys above are too common, in large data, these take their place
    select 'both names and birth year' as rule, least(given_first, surname) || '|' || greatest(given_first, surname) || '|' || birth_date[:4] as key, id from matching.features
    union all
    select 'both names and town' as rule, least(given_first, surname) || '|' || greatest(given_first, surname) || '|' || town as key, id from matching.features
    union all
    select 'birth date and town' as rule, birth_date || '|' || town as key, id from matching.features
    union all
    select 'initial and birth date' as rule, names.name[1] || '|' || birth_date as key, id from matching.features inner join names using (id)
    union all
    select 'name and birth year' as rule, names.name || '|' || birth_date[:4] as key, id from matching.features inner join names using (id)
    union all
    select 'name start and birth day' as rule, names.name[:2] || '|' || birth_date[5:] as key, id from matching.features inner join names using (id)
    union all
    select 'name start and birth month' as rule, names.name[:3] || '|' || birth_date[:6] as key, id from matching.features inner join names using (id)
    union all
    select 'name and town' as rule, names.name || '|' || town as key, id from matching.features inner join names using (id)
    union all
    select 'name and birth place' as rule, names.name || '|' || birth_place as key, id from matching.features inner join names using (id)
    union all
    select 'name and district' as rule, names.name || '|' || district as key, id from matching.features inner join names using (id)
    union all
    select 'name start and postcode' as rule, names.name[:2] || '|' || postcode as key, id from matching.features inner join names using (id)
    union all
    select 'name and street' as rule, names.name || '|' || street as key, id from matching.features inner join names using (id)
),
hashed as (
    select distinct rule, hash(rule, key) as block, id
    from keys
    where key <> ''
),
-- the more profiles, the smaller a group has to be, so that the work grows no faster than the data
options as (
    select least(
        max(value::bigint) filter (name = 'block_size'),
        greatest(10, max(value::bigint) filter (name = 'block_budget') // (select greatest(count(*), 1) from matching.features))
    ) as most
    from settings.match_options
    where name in ('block_size', 'block_budget')
),
sizes as (
    select block, count(*) as profiles
    from hashed
    group by block
    having count(*) between 2 and (select most from options)
)
select hashed.rule, hashed.block, hashed.id, sizes.profiles
from hashed
inner join sizes
    on sizes.block = hashed.block
