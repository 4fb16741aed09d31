-- How many custom fields of each type are needed, and how many each plan allows.
-- one row per plan, type
with

needed as (
    select type, count(*) as needed
    from freshsales.fields
    where entity = 'contacts'
    group by type
),

allowed as (
    unpivot (
        select
            plan,
            try_cast(calls_per_hour as bigint) as calls_per_hour,
            try_cast(text as bigint) as text,
            try_cast(dropdown as bigint) as dropdown,
            try_cast(text_area as bigint) as text_area,
            try_cast(multi_select as bigint) as multi_select,
            try_cast(number as bigint) as number,
            try_cast(checkbox as bigint) as checkbox,
            try_cast(date as bigint) as date,
        from settings.plans
    )
    on text, dropdown, text_area, multi_select, number, checkbox, date
    into name type value allowed
),

yours as (
    select freshsales_plan as plan from staging.typed_options
)

select
    allowed.plan,
    allowed.type,
    coalesce(needed.needed, 0) as needed,
    allowed.allowed,
    coalesce(needed.needed, 0) <= allowed.allowed as fits,
    coalesce(allowed.plan = yours.plan, false) as is_yours,
from allowed
cross join yours
left join needed on needed.type = allowed.type
order by coalesce(allowed.plan = yours.plan, false) desc, allowed.calls_per_hour, allowed.plan, allowed.type
