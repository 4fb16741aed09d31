-- Every value that cleansing changed, before and after.
-- one row per entity, key, field
with

pairs as (
    select
        profiles.profile_key,
        records.email_raw,
        profiles.email,
        records.mobile_raw,
        profiles.mobile_number,
        records.first_name_raw,
        profiles.first_name,
        records.last_name_raw,
        profiles.last_name,
        records.country_raw,
        profiles.country,
    from staging.profiles as profiles
    inner join staging.profile_records as records
        on records.profile_key = profiles.profile_key
        and records.fate = 'kept'
    where not profiles.is_anonymous
),

-- A plus before a number that was complete already is no change worth telling, nor is a country's code.
changes as (
    select profile_key, 'email' as field, email_raw as before, email as after, 'e-mail' as rule
    from pairs
    where email_raw is distinct from email
    union all
    select profile_key, 'mobile_number' as field, mobile_raw as before, mobile_number as after, 'phone' as rule
    from pairs
    where mobile_raw is not null and '+' || mobile_raw is distinct from mobile_number and mobile_raw is distinct from mobile_number
    union all
    select profile_key, 'first_name' as field, first_name_raw as before, first_name as after, 'name' as rule
    from pairs
    where first_name_raw is distinct from first_name
    union all
    select profile_key, 'last_name' as field, last_name_raw as before, last_name as after, 'name' as rule
    from pairs
    where last_name_raw is distinct from last_name
    union all
    select profile_key, 'country' as field, country_raw as before, null as after, 'country' as rule
    from pairs
    where country_raw is not null and country is null
)

select
    'user_profiles' as entity,
    changes.profile_key as key,
    who.who_is_it,
    changes.field,
    changes.before,
    changes.after,
    changes.rule,
from changes
left join reports.who as who on who.key = changes.profile_key
order by changes.rule, changes.profile_key, changes.field
