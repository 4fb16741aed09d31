-- Columns of profiles whose name says that a profile is deleted, erased or merged, and how their cells say it.
-- one row per written_name
with

written_names as (
    select distinct unnest(written_names) as written_name
    from (select distinct json_keys(_extra) as written_names from landed.user_profiles)
    union
    select name as written_name
    from landed.attributes
    where coalesce(lower(trim(owner_type)), '') <> 'device' and trim(name) <> ''
),

-- mergedIntoProfileId and gelöscht_am are compared as merged_into_profile_id and geloscht_am
tidy_names as (
    select
        written_name,
        lower(trim(regexp_replace(written_name, '[^\p{L}\p{N}]+', '_', 'g'), '_')) as name,
        strip_accents(lower(trim(regexp_replace(regexp_replace(written_name, '([a-z])([A-Z])', '\1_\2', 'g'), '[^\p{L}\p{N}]+', '_', 'g'), '_'))) as split_name,
        -- deceased_yn and gelöscht_kz say what deceased and gelöscht say
        regexp_replace(split_name, '_(flag|yn|kz|kennz|kennzeichen|ind|indicator|marker|date|datum|ts)$', '') as bare_name,
    from written_names
),

found as (
    select names.written_name, names.name, list.means, list.holds, starts_with(list."column", '_') as is_ending, length(list."column") as size
    from tidy_names as names
    inner join settings.gone_columns as list
        on list."column" in (names.name, names.split_name)
        or (starts_with(list."column", '_') and ends_with('_' || names.split_name, list."column"))
        or (list.holds in ('flag', 'filled', 'yes') and list."column" in (names.bare_name, '_' || names.bare_name))
    qualify row_number() over (partition by names.written_name order by is_ending, size desc, list."column") = 1
)

select written_name, name, means, holds, is_ending from found
