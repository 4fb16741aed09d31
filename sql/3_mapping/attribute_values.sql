-- Every different value of every attribute: how many people have it, and what it could be.
-- one row per attribute, value
with

counted as (
    select attribute, value, count(*) as people, bool_or(is_reference) as is_reference,
    from mapping.person_attributes
    group by all
),

tested as (
    select
        attribute,
        value,
        people,
        is_reference,
        length(value) as length,
        lower(value) in ('true', 'false', 'yes', 'no', 'y', 'n') as is_yes_or_no,
        value in ('0', '1') as is_bit,
        regexp_full_match(value, '-?(0|[1-9]\d{0,10})(\.\d+)?') as is_number,
        regexp_full_match(value, '\d{4}-\d{2}-\d{2}([ T].*)?')
            and try_cast(left(value, 10) as date) is not null as is_iso_date,
        try_strptime(regexp_replace(value, '[.-]', '/', 'g'), '%d/%m/%Y') is not null as is_day_first,
        try_strptime(regexp_replace(value, '[.-]', '/', 'g'), '%m/%d/%Y') is not null as is_month_first,
        value like '[%]' and json_valid(value) as is_list,
        value like '{%}' and json_valid(value) as is_object,
    from counted
)

select * from tested
