-- Every setting in force: what ferry.yaml says wins over 0_settings/options.csv.
-- one row per name
with

listed as (
    select name, nullif(trim(value), '') as value, meaning from settings.options
),

scoped as (
    select name, nullif(trim(value), '') as value from settings.scope
),

in_force as (
    select
        coalesce(scoped.name, listed.name) as name,
        case when scoped.name is null then listed.value else scoped.value end as value,
        case when scoped.name is null then 'options.csv' else 'ferry.yaml' end as source,
        listed.meaning as meaning,
    from listed
    full join scoped on scoped.name = listed.name
)

select * from in_force
