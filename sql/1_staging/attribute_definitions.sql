-- What Xtremepush says an attribute is: its type, its other name, and whether it is really a tag.
-- one row per record_key
with

named as (
    select
        _file || ':' || _record as record_key,
        lower(trim(regexp_replace(name, '[^\p{L}\p{N}]+', '_', 'g'), '_')) as name,
        nullif(trim(display_name), '') as display_name,
        nullif(lower(trim(regexp_replace(alias, '[^\p{L}\p{N}]+', '_', 'g'), '_')), '') as alias,
        lower(nullif(trim(data_type), '')) as data_type,
        try_cast(trim(is_profile_attribute) as boolean) as is_profile_attribute,
        try_cast(trim(is_device_attribute) as boolean) as is_device_attribute,
        try_cast(trim(is_tag) as boolean) as is_tag,
    from landed.attribute_definitions
),

judged as (
    select
        *,
        case
            when row_number() over (partition by coalesce(nullif(name, ''), record_key) order by record_key desc) = 1 then 'kept'
            else 'repeated'
        end as fate,
    from named
)

select * from judged
