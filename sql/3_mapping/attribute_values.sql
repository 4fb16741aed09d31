-- Every different value of every attribute: how many people have it, and what it could be.
-- one row per attribute, value
with

counted as (
    select attribute, value, count(*) as people, bool_or(is_reference) as is_reference,
    from mapping.person_attributes
    group by all
),

birth_dates as (
    select distinct attribute from settings.matching where compares_as = 'birth_date'
),

today as (
    select try_cast(value as timestamptz)::date as today from settings.run where name = 'run_at'
),

tested as (
    select
        counted.attribute,
        value,
        people,
        is_reference,
        length(value) as length,
        flags.text is not null and value not in ('0', '1') as is_yes_or_no,
        value in ('0', '1') as is_bit,
        number_unit(value) as unit,
        plain_number(value, false) is not null or is_rounded_id(value) as is_point_number,
        plain_number(value, true) is not null or is_rounded_id(value) as is_comma_number,
        plain_number(value, false) is distinct from plain_number(value, true) as is_number_style_telling,
        case
            when birth_dates.attribute is not null then birth_day(value, orders.is_month_first, today.today)
            -- a number is a day only where the name says so; a short one only where it says day or date
            when is_digits(value) then if(
                names_a_time(counted.attribute)
                    and (length(trim(value)) >= 8 or regexp_matches(counted.attribute, '(^|_)(date|datum|fecha|birthday|anniversary)(_|$)')),
                stamped_day(value),
                null
            )
            else written_day(value, orders.is_month_first)
        end as day,
        is_digits(value) and length(trim(value)) >= 9 and stamped_day(value) is not null as is_stamp,
        regexp_matches(value, '^\s*\d{1,2}[/.-]\d{1,2}[/.-]\d') as is_day_ordered,
        regexp_matches(value, '\d:\d') and not regexp_matches(value, '\b0?0:00(:00([.,]0+)?)?\b|\b12:00(:00)?\s*[Aa][.]?[Mm]')
            or coalesce(is_digits(value) and (since_1970(trim(value)) at time zone source_zone())::time <> time '00:00', false) as has_time_of_day,
        value like '[%]' and json_valid(value) as is_list,
        value like '{%}' and json_valid(value) as is_object,
        contains(value, ';') as has_semicolon,
        contains(value, '|') as has_bar,
        contains(value, ',') as has_comma,
    from counted
    cross join today
    left join settings.flag_words as flags on flags.text = lower(value)
    left join birth_dates on birth_dates.attribute = counted.attribute
    left join staging.attribute_orders as orders on orders.attribute = counted.attribute
)

select * from tested
