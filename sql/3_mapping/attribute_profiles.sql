-- What the values of each attribute look like as a whole: how many, how different, of which type.
-- one row per attribute
with

summed as (
    select
        attribute,
        sum(people)::bigint as filled,
        count(*) as distinct_values,
        count(distinct lower(value)) as distinct_choices,
        max(length) as longest,
        bool_or(is_reference) as is_reference,

        coalesce(sum(people) filter (where is_yes_or_no), 0) as yes_or_no,
        coalesce(sum(people) filter (where is_bit), 0) as bits,
        coalesce(sum(people) filter (where is_point_number), 0) as point_numbers,
        coalesce(sum(people) filter (where is_comma_number), 0) as comma_numbers,
        coalesce(sum(people) filter (where is_point_number and is_comma_number and is_number_style_telling), 0) as either_numbers,
        count(distinct unit) filter (where unit <> '') as units,
        coalesce(sum(people) filter (where day is not null), 0) as dates,
        coalesce(sum(people) filter (where day is not null and is_day_ordered), 0) as ordered_dates,
        coalesce(sum(people) filter (where day is not null and has_time_of_day), 0)::bigint as times_of_day,
        coalesce(sum(people) filter (where is_stamp), 0) as stamps,
        coalesce(sum(people) filter (where is_point_number or is_comma_number), 0) as any_numbers,
        coalesce(sum(people) filter (where is_list), 0) as lists,
        coalesce(sum(people) filter (where is_object), 0) as objects,

        array_to_string(list(left(value, 40) order by people desc, value)[1:5], ' · ') as samples,
    from mapping.attribute_values
    group by attribute
),

shares as (
    select
        summed.attribute,
        filled,
        distinct_values,
        distinct_choices,
        summed.longest,
        is_reference,
        lists.separator,
        lists.called as list_called,
        lists.attribute is not null as is_list,
        coalesce(lists.distinct_entries, 0) as distinct_elements,
        yes_or_no / filled as share_yes_or_no,
        (yes_or_no + bits) / filled as share_flags,
        bits / filled as share_bits,
        -- a decimal comma is settled by the numbers that make sense one way only
        case
            when comma_numbers = point_numbers then (select numbers_decimal from staging.typed_options) is not distinct from 'comma'
            else comma_numbers > point_numbers
        end as is_decimal_comma,
        comma_numbers = point_numbers and either_numbers > 0 as is_decimal_unclear,
        case when units > 1 then 0 else greatest(comma_numbers, point_numbers) / filled end as share_numbers,
        units,
        if(units > 1, 0, any_numbers / filled) as share_any_numbers,
        stamps / filled as share_stamps,
        dates / filled as share_dates,
        times_of_day,
        summed.lists / filled as share_lists,
        (summed.lists + objects) / filled as share_json,
        case when ordered_dates = 0 then 'year first' when orders.is_month_first then 'month first' else 'day first' end as date_order,
        coalesce(orders.is_unclear, false) as is_date_order_ambiguous,
        samples,
    from summed
    left join mapping.attribute_lists as lists on lists.attribute = summed.attribute
    left join staging.attribute_orders as orders on orders.attribute = summed.attribute
)

select * from shares
