-- How each attribute writes 03/04/2024, settled by the values that can be read one way only; read so in matching and in mapping.
-- one row per attribute
with

parts as (
    select
        name as attribute,
        try_cast(regexp_extract(value, '^\s*(\d{1,2})[/.-]\d{1,2}[/.-]\d{2,4}\b', 1) as integer) as first,
        try_cast(regexp_extract(value, '^\s*\d{1,2}[/.-](\d{1,2})[/.-]\d{2,4}\b', 1) as integer) as second,
    from staging.attributes
    where value[2] in ('/', '.', '-')
       or value[3] in ('/', '.', '-')
),

counted as (
    select
        attribute,
        count(*) filter (first > 12 and second <= 12) as only_day_first,
        count(*) filter (second > 12 and first <= 12) as only_month_first,
        count(*) filter (first <= 12 and second <= 12) as either,
    from parts
    where first is not null
    group by attribute
)

select
    attribute,
    case
        when only_month_first > only_day_first then true
        when only_day_first > only_month_first then false
        else (select dates_order from staging.typed_options) is not distinct from 'month_first'
    end as is_month_first,
    only_day_first = only_month_first and either > 0 as is_unclear,
from counted
