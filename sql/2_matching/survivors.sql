-- Which value each person with more than one profile keeps, field by field, and from which profile and by which rule it comes.
-- one row per person_key, field
with
persons as (
    select person_key
    from matching.people
    where decided_by <> 'deleted'
    group by person_key
    having count(*) > 1
),
members as (
    select people.person_key, profiles.*
    from matching.people as people
    inner join persons
        on persons.person_key = people.person_key
    inner join staging.profiles as profiles
        on profiles.profile_key = people.profile_key
),
filled as (
    unpivot (
        select
            person_key, profile_key, source_file, updated_at, created_at,
            email, mobile_number, whatsapp_number, first_name, last_name, language, timezone, country, company_name, lifecycle_stage,
        from members
    )
    on email, mobile_number, whatsapp_number, first_name, last_name, language, timezone, country, company_name, lifecycle_stage
    into name field value value
),
weighed as (
    select
        *,
        count(*) over (partition by profile_key) as filled_fields,
        count(*) over (partition by person_key, field, value) as same_values,
    from filled
),
-- rule of the field, else the rule of *
ruled as (
    select
        weighed.*,
        coalesce(own.rule, common.rule, 'newest') as rule,
        list_position(string_split(coalesce(own.sources, common.sources, ''), '|'), weighed.source_file) as source_place,
    from weighed
    left join settings.survivorship as own
        on own.field = weighed.field
    left join settings.survivorship as common
        on common.field = '*'
),
ranked as (
    select
        *,
        row_number() over (
            partition by person_key, field
            order by
                if(rule = 'source', coalesce(source_place, 999999), 0),
                case rule when 'most_frequent' then same_values when 'most_complete' then filled_fields when 'longest' then length(value) else 0 end desc,
                if(rule = 'oldest', coalesce(created_at, updated_at), null) asc nulls last,
                coalesce(updated_at, created_at) desc nulls last,
                filled_fields desc,
                value,
                profile_key
        ) as place,
    from ruled
)
select person_key, field, value, profile_key, rule
from ranked
where place = 1
