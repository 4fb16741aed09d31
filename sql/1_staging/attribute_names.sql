-- Every spelling of an attribute's name and the name it goes by; columns of one file whose names differ only in signs keep names of their own.
-- one row per place, written_name
with

-- Most profiles have the same columns filled, so the sets of names come first. 1: the attribute export, 2: the profile export.
sets as (
    select row_number() over (order by columns) as set_number, columns
    from (select distinct json_keys(attributes_raw) as columns from staging.profile_records where fate = 'kept')
),

spellings as (
    select set_number, unnest(columns) as written_name, generate_subscripts(columns, 1) as position, 2 as place
    from sets
    union all
    select null as set_number, name as written_name, 0 as position, 1 as place
    from (select distinct name from staging.attribute_records where fate = 'kept' and owner_type <> 'device' and profile_key is not null)
),

tidy as (
    select *, lower(trim(regexp_replace(written_name, '[^\p{L}\p{N}]+', '_', 'g'), '_')) as tidy_name
    from spellings
),

-- Two columns of one profile are two attributes, however alike; one column spelt differently in two files is one.
crowded as (
    select distinct tidy_name
    from tidy
    where set_number is not null and tidy_name <> ''
    group by set_number, tidy_name
    having count(*) > 1
),

first_seen as (
    select place, written_name, tidy_name, min(position) as position
    from tidy
    where tidy_name <> ''
    group by all
),

ranked as (
    select
        first_seen.*,
        crowded.tidy_name is not null as is_crowded,
        row_number() over (
            partition by place, first_seen.tidy_name
            order by written_name <> first_seen.tidy_name, position, written_name
        ) as place_in_crowd,
    from first_seen
    left join crowded on crowded.tidy_name = first_seen.tidy_name and first_seen.place = 2
),

told_apart as (
    select
        * replace (
            case
                when not is_crowded or place_in_crowd = 1 then tidy_name
                when tidy_name || '_' || place_in_crowd in (select tidy_name from tidy) then tidy_name || '_' || place_in_crowd || '_' || place_in_crowd
                else tidy_name || '_' || place_in_crowd
            end as tidy_name
        ),
    from ranked
),

-- An alias joins names that mean the same.
named as (
    select
        told_apart.place,
        told_apart.written_name,
        coalesce(definitions.alias, told_apart.tidy_name) as name,
        definitions.data_type,
        told_apart.is_crowded,
        -- only a name that arrives on several ways can have several values for one profile
        count(*) over (partition by coalesce(definitions.alias, told_apart.tidy_name)) > 1 as is_contested,
    from told_apart
    left join staging.attribute_definitions as definitions
        on definitions.name = told_apart.tidy_name and definitions.fate = 'kept'
)

select * from named
