-- The groups within which profiles are compared: profiles that share one of these keys. A key that too many share says nothing and is left out.
-- one row per block, id
with
-- names may stand in the wrong column, so either of them may be the name of a key
named as (
    select id, given_first as name, coalesce(given_first[1] = surname[1], false) as begins_twice, birth_date, town, birth_place, district, postcode, street
    from matching.features
    where given_first <> ''
    union all
    select id, surname as name, coalesce(given_first[1] = surname[1], false) as begins_twice, birth_date, town, birth_place, district, postcode, street
    from matching.features
    where surname <> '' and surname is distinct from given_first
),
-- a key of which one part is unknown is no key
keys as (
    select
        id,
        false as begins_twice,
        unnest([
            'mailbox|' || mailbox,
            'phone|' || phone_end,
            'user id|' || user_id,
            'birth date|' || birth_date,
            'both names|' || least(given_first, surname) || '|' || greatest(given_first, surname),
            'letters of both names|' || case when given_name is not null and surname is not null then name_letters end,
            'postcode|' || postcode,
            'street and town|' || street || '|' || town,
            'street and number|' || street_number || '|' || street,
            'email letters|' || email_letters,
            'email start|' || case when length(email_local) >= 6 and not is_email_of_name then email_local[:6] end,
            'email domain|' || case when contains(email, '@') then split_part(email, '@', 2) end,
            -- where the keys above are too common, in large data, these take their place
            'both names and birth year|' || least(given_first, surname) || '|' || greatest(given_first, surname) || '|' || birth_date[:4],
            'both names and town|' || least(given_first, surname) || '|' || greatest(given_first, surname) || '|' || town,
            'birth date and town|' || birth_date || '|' || town,
        ]) as key,
    from matching.features
    union all
    select
        id,
        begins_twice,
        unnest([
            'name start, town and birth year|' || name[:3] || '|' || town || '|' || birth_date[:4],
            'initial and birth date|' || name[1] || '|' || birth_date,
            'name and birth year|' || name || '|' || birth_date[:4],
            'name start and birth day|' || name[:2] || '|' || birth_date[5:],
            'name start and birth month|' || name[:3] || '|' || birth_date[:6],
            'name and town|' || name || '|' || town,
            'name and birth place|' || name || '|' || birth_place,
            'name and district|' || name || '|' || district,
            'name start and postcode|' || name[:2] || '|' || postcode,
            'name and street|' || name || '|' || street,
        ]) as key,
    from named
),
hashed as (
    select hash(key) as block, id, begins_twice
    from keys
    where key is not null
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
-- both names of a profile may begin alike, so a profile may be counted twice here, but not below
sizes as (
    select block, count(*) as profiles
    from hashed
    group by block
    having count(*) between 2 and (select most from options)
)
select hashed.block, hashed.id, sizes.profiles
from hashed
inner join sizes
    on sizes.block = hashed.block
where not hashed.begins_twice
union all
select distinct hashed.block, hashed.id, sizes.profiles
from hashed
inner join sizes
    on sizes.block = hashed.block
where hashed.begins_twice
