-- What is known about a profile besides the standard columns, one value per name; the newest value wins.
-- one row per profile_key, name
-- parts: 8 by profile_key
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

from_attributes as (
    select
        coalesce(by_profile.profile_key, by_user.profile_key) as profile_key,
        attributes.name as name,
        attributes.value as value,
        attributes.declared_type as declared_type,
        case
            when regexp_full_match(trim(attributes.update_time), '\d{9,10}') then to_timestamp(try_cast(attributes.update_time as bigint))
            when regexp_full_match(trim(attributes.update_time), '\d{12,13}') then to_timestamp(try_cast(attributes.update_time as bigint) / 1000)
            else try_cast(regexp_replace(attributes.update_time, ' ([+-])', '\1') as timestamptz)
        end as updated_at,
    from landed.attributes
    left join staging.identities as by_profile
        on by_profile.kind = 'profile' and by_profile.id = trim(attributes.owner_id)
    left join staging.identities as by_user
        on by_user.kind = 'user' and by_user.id = trim(attributes.owner_id)
    where lower(trim(attributes.owner_type)) is distinct from 'device'
),

together as (
    select profile_key, pair.key as name, pair.value as value, null as declared_type, updated_at, 2 as place,
    from from_profiles
    union all
    select profile_key, name, value, declared_type, updated_at, 1 as place,
    from from_attributes
    where profile_key is not null
),

-- Names are compared without case, spaces, dots and dashes; an alias joins names that mean the same.
named as (
    select
        together.profile_key,
        coalesce(
            definitions.alias,
            lower(trim(regexp_replace(together.name, '[^\p{L}\p{N}]+', '_', 'g'), '_'))
        ) as name,
        trim(together.value) as value,
        lower(nullif(trim(coalesce(together.declared_type, definitions.data_type)), '')) as declared_type,
        together.updated_at,
        together.place,
    from together
    left join staging.attribute_definitions as definitions
        on definitions.name = lower(trim(regexp_replace(together.name, '[^\p{L}\p{N}]+', '_', 'g'), '_'))
    where trim(together.value) <> ''
),

newest as (
    select profile_key, name, value, declared_type, updated_at
    from named
    qualify row_number() over (
        partition by profile_key, name
        order by updated_at desc nulls last, place, value
    ) = 1
)

select * from newest
