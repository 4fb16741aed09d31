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

named as not materialized (
    select
        from_profiles.profile_key,
        names.name,
        trim(shown(pair.value)) as value,
        names.data_type as declared_type,
        from_profiles.updated_at,
        names.place,
        names.is_contested,
    from from_profiles
    inner join staging.attribute_names as names
        on names.written_name = pair.key and names.place = 2
    union all
    select
        from_records.profile_key,
        names.name,
        trim(shown(from_records.value)) as value,
        coalesce(from_records.declared_type, names.data_type) as declared_type,
        from_records.updated_at,
        names.place,
        names.is_contested,
    from from_records
    inner join staging.attribute_names as names
        on names.written_name = from_records.name and names.place = 1
),

-- A word for nothing is no value; it stays beside it, to be counted.
meant as not materialized (
    select
        told.* exclude (is_word) replace (if(is_word, null, value) as value),
        if(is_word, value, null) as nothing_word,
    from (select *, is_nothing(value) as is_word from named where value <> '') as told
),

newest as (
    select profile_key, name, value, nothing_word, declared_type, updated_at
    from meant
    where not is_contested
    union all
    select profile_key, name, value, nothing_word, declared_type, updated_at
    from meant
    where is_contested
    qualify row_number() over (
        partition by profile_key, name
        order by value is null, updated_at desc nulls last, place, value
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
