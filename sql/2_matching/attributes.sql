-- The custom attributes of every person: one value per name, chosen by the rules of settings.survivorship.
-- one row per person_key, name
with
persons as (
    select person_key, count(*) as members
    from matching.people
    where decided_by <> 'deleted'
    group by person_key
),
-- whoever is one profile keeps what it says; only the others have something to choose
alone as (
    select people.person_key, attributes.name, attributes.value, attributes.profile_key, attributes.updated_at
    from staging.attributes as attributes
    inner join matching.people as people
        on people.profile_key = attributes.profile_key
        and people.decided_by <> 'deleted'
    inner join persons
        on persons.person_key = people.person_key
        and persons.members = 1
    where attributes.value is not null
),
filled as (
    select people.person_key, attributes.*, profiles.source_file
    from staging.attributes as attributes
    inner join matching.people as people
        on people.profile_key = attributes.profile_key
        and people.decided_by <> 'deleted'
    inner join persons
        on persons.person_key = people.person_key
        and persons.members > 1
    inner join staging.profiles as profiles
        on profiles.profile_key = attributes.profile_key
    where attributes.value is not null
),
ruled as (
    select
        filled.*,
        coalesce(own.rule, common.rule, 'newest') as rule,
        list_position(string_split(coalesce(own.sources, common.sources, ''), '|'), filled.source_file) as source_place,
        count(*) over (partition by filled.person_key, filled.name, filled.value) as same_values,
        count(*) over (partition by filled.person_key, filled.profile_key) as filled_attributes,
    from filled
    left join settings.survivorship as own
        on own.field = filled.name
    left join settings.survivorship as common
        on common.field = '*'
),
ranked as (
    select
        *,
        row_number() over (
            partition by person_key, name
            order by
                if(rule = 'source', coalesce(source_place, 999999), 0),
                case rule when 'most_frequent' then same_values when 'most_complete' then filled_attributes when 'longest' then length(value) else 0 end desc,
                if(rule = 'oldest', updated_at, null) asc nulls last,
                updated_at desc nulls last,
                value,
                profile_key
        ) as place,
    from ruled
)
select person_key, name, value, profile_key, updated_at
from alone
union all
select person_key, name, value, profile_key, updated_at
from ranked
where place = 1
