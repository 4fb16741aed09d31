-- What is known about a profile besides the standard columns, one value per name; the newest value wins.
-- one row per profile_key, name
with

-- Columns of the profile export that the landed table does not know.
from_profiles as (
    select
        profile_key,
        unnest(map_entries(try_cast(attributes_raw::json as map(varchar, varchar)))) as pair,
        updated_at,
    from staging.profile_records
    where fate = 'kept'
),

together as (
    select
        profile_key,
        pair.key as written_name,
        lower(trim(regexp_replace(pair.key, '[^\p{L}\p{N}]+', '_', 'g'), '_')) as name,
        pair.value as value,
        null as declared_type,
        updated_at,
        2 as place,
    from from_profiles
    union all
    select profile_key, name as written_name, name, value, declared_type, updated_at, 1 as place,
    from staging.attribute_records
    where fate = 'kept' and owner_type <> 'device' and profile_key is not null
),

-- An alias joins names that mean the same.
named as (
    select
        together.profile_key,
        together.written_name,
        coalesce(definitions.alias, together.name) as name,
        trim(together.value) as value,
        coalesce(together.declared_type, definitions.data_type) as declared_type,
        together.updated_at,
        together.place,
    from together
    left join staging.attribute_definitions as definitions
        on definitions.name = together.name and definitions.fate = 'kept'
    where trim(together.value) <> '' and together.name <> ''
),

-- Only a name that arrives on several ways can have several values for one profile.
contested as (
    select name
    from (select distinct name, written_name, place from named)
    group by name
    having count(*) > 1
),

newest as (
    select profile_key, name, value, declared_type, updated_at
    from named
    anti join contested on contested.name = named.name
    union all
    select profile_key, name, value, declared_type, updated_at
    from named
    semi join contested on contested.name = named.name
    qualify row_number() over (
        partition by profile_key, named.name
        order by updated_at desc nulls last, place, value
    ) = 1
),

-- What the customer corrected in the quality workbook counts instead.
corrected as (
    select
        newest.* replace (coalesce(decisions.value, newest.value) as value),
    from newest
    left join (
        select key, field, max_by(value, decided_at) as value
        from settings.decisions
        where decision = 'clean' and nullif(trim(value), '') is not null
        group by all
    ) as decisions
        on decisions.key = newest.profile_key
        and regexp_replace(decisions.field, '^cf_', '') = newest.name
)

select * from corrected
