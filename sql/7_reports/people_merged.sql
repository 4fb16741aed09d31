-- What merging did: the values of all members before, the one that survived after.
-- one row per person_key, field
with

members as (
    select
        people.person_key,
        people.profile_key,
        people.evidence,
        profiles.*  exclude (profile_key),
    from matching.people as people
    inner join staging.profiles as profiles on profiles.profile_key = people.profile_key
    where people.decided_by not in ('anonymous', 'deleted')
    qualify count(*) over (partition by people.person_key) > 1
),

values_before as (
    unpivot (
        select person_key, profile_key, email, mobile_number, first_name, last_name, company_name, lifecycle_stage, language, country, timezone
        from members
    )
    on email, mobile_number, first_name, last_name, company_name, lifecycle_stage, language, country, timezone
    into name field value value
),

before as (
    select
        person_key,
        field,
        string_agg(value, ' | ' order by profile_key) as before,
        count(distinct value) as different_values,
    from values_before
    group by person_key, field
),

sizes as (
    select
        person_key,
        count(*) as members,
        string_agg(distinct evidence, '; ' order by evidence) as evidence,
    from members
    group by person_key
)

select
    before.person_key,
    who.who_is_it as person,
    sizes.members,
    before.field,
    before.before,
    survivors.value as after,
    survivors.rule,
    sizes.evidence,
from before
inner join sizes on sizes.person_key = before.person_key
left join matching.survivors as survivors
    on survivors.person_key = before.person_key
    and survivors.field = before.field
left join reports.who as who on who.key = before.person_key
where before.different_values > 1
   or before.field in ('email', 'last_name')
order by before.person_key, before.field
