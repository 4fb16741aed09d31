-- What is known about a profile besides the standard columns, one value per name; the newest value wins.
-- one row per profile_key, name
with

-- Columns of the profile export that the landed table does not know. Read twice below rather than kept: there are many.
from_profiles as not materialized (
    select
        profile_key,
        unnest(map_entries(try_cast(attributes_raw::json as map(varchar, varchar)))) as pair,
        updated_at,
    from staging.profile_records
    where fate = 'kept'
),

from_records as (
    select profile_key, name, value, declared_type, updated_at
    from staging.attribute_records
    where fate = 'kept' and owner_type <> 'device' and profile_key is not null
),

-- Most profiles have the same columns filled, so the sets of names come first.
written_names as (
    select distinct unnest(written_names) as written_name, 2 as place
    from (select distinct json_keys(attributes_raw) as written_names from staging.profile_records where fate = 'kept')
    union all
    select distinct name as written_name, 1 as place
    from from_records
),

-- The names are few and the values many, so what a name means is settled once; an alias joins names that mean the same.
tidy_names as (
    select *, lower(trim(regexp_replace(written_name, '[^\p{L}\p{N}]+', '_', 'g'), '_')) as tidy_name
    from written_names
),

names as (
    select
        tidy_names.written_name,
        tidy_names.place,
        coalesce(definitions.alias, tidy_names.tidy_name) as name,
        definitions.data_type,
        -- only a name that arrives on several ways can have several values for one profile
        count(*) over (partition by coalesce(definitions.alias, tidy_names.tidy_name)) > 1 as is_contested,
    from tidy_names
    left join staging.attribute_definitions as definitions
        on definitions.name = tidy_names.tidy_name and definitions.fate = 'kept'
    where tidy_names.tidy_name <> ''
),

named as not materialized (
    select
        from_profiles.profile_key,
        names.name,
        trim(pair.value) as value,
        names.data_type as declared_type,
        from_profiles.updated_at,
        names.place,
        names.is_contested,
    from from_profiles
    inner join names
        on names.written_name = pair.key and names.place = 2
    union all
    select
        from_records.profile_key,
        names.name,
        from_records.value,
        coalesce(from_records.declared_type, names.data_type) as declared_type,
        from_records.updated_at,
        names.place,
        names.is_contested,
    from from_records
    inner join names
        on names.written_name = from_records.name and names.place = 1
),

newest as (
    select profile_key, name, value, declared_type, updated_at
    from named
    where not is_contested and value <> ''
    union all
    select profile_key, name, value, declared_type, updated_at
    from named
    where is_contested and value <> ''
    qualify row_number() over (
        partition by profile_key, name
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
