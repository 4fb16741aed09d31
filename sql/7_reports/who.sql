-- Who a key stands for, in words a customer recognises.
-- one row per key
with

people as (
    select
        profiles.profile_key as key,
        coalesce(
            nullif(concat_ws(' ', profiles.first_name, profiles.last_name), ''),
            profiles.user_id,
            profiles.profile_key
        ) || coalesce(' <' || coalesce(profiles.email, profiles.email_raw, profiles.mobile_number) || '>', '') as who_is_it,
        coalesce(people.person_key, profiles.profile_key) as contact_key,
    from staging.profiles as profiles
    left join matching.people as people on people.profile_key = profiles.profile_key
),

companies as (
    select companies.account_key as key, companies.name as who_is_it, null as contact_key
    from mapping.companies as companies
    anti join people on people.key = companies.account_key
),

together as (
    select * from people
    union all
    select * from companies
)

select * from together
