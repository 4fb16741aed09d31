-- The profiles that are shown beside another one, as a person would compare them: name, e-mail, phone, birth date, address and the rest.
-- one row per profile_key
with

-- the pairs that are asked about and those that were merged by themselves
shown as (
    select left_key as profile_key from matching.pairs
    union
    select right_key from matching.pairs
    union
    select left_key from matching.merges
    union
    select right_key from matching.merges
)

select
    profiles.profile_key,
    nullif(concat_ws(' ', profiles.first_name, profiles.last_name), '') as name,
    coalesce(profiles.email, profiles.email_raw) as email,
    coalesce(profiles.mobile_number, profiles.mobile_raw) as phone,
    regexp_replace(features.birth_date, '^(\d{4})(\d{2})(\d{2})$', '\1-\2-\3') as born,
    nullif(concat_ws(', ', nullif(concat_ws(' ', features.street_number, features.street), ''), features.address_2, features.postcode, features.town), '') as address,
    concat_ws(
        ', ',
        profiles.company_name,
        profiles.country,
        'user id ' || profiles.user_id,
        'since ' || strftime(profiles.created_at, '%Y-%m-%d')
    ) as details,
from shown
inner join staging.profiles as profiles on profiles.profile_key = shown.profile_key
left join matching.features as features on features.profile_key = shown.profile_key
