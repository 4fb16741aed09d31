-- What the values of each attribute look like as a whole: how many, how different, of which type.
-- one row per attribute
with

summed as (
    select
        attribute,
        sum(people)::bigint as filled,
        count(*) as distinct_values,
        max(length) as longest,
        bool_or(is_reference) as is_reference,

        sum(people) filter (where is_yes_or_no) as yes_or_no,
        sum(people) filter (where is_bit) as bits,
        sum(people) filter (where is_number) as numbers,
        sum(people) filter (where is_iso_date) as iso_dates,
        sum(people) filter (where is_iso_date or is_day_first) as day_first,
        sum(people) filter (where is_iso_date or is_month_first) as month_first,
        sum(people) filter (where is_day_first and not is_month_first) as only_day_first,
        sum(people) filter (where is_month_first and not is_day_first) as only_month_first,
        sum(people) filter (where is_list) as lists,
        sum(people) filter (where is_object) as objects,

        array_to_string(list(left(value, 40) order by people desc, value)[1:5], ' · ') as samples,
    from mapping.attribute_values
    group by attribute
),

-- A list counts by its elements.
list_elements as (
    select attribute, count(distinct element) as distinct_elements
    from (
        select attribute, unnest(cast(value as json)::varchar[]) as element
        from mapping.attribute_values
        where is_list
    )
    group by attribute
),

shares as (
    select
        summed.attribute,
        filled,
        distinct_values,
        longest,
        is_reference,
        coalesce(distinct_elements, 0) as distinct_elements,
        coalesce(yes_or_no, 0) / filled as share_yes_or_no,
        coalesce(bits, 0) / filled as share_bits,
        coalesce(numbers, 0) / filled as share_numbers,
        greatest(coalesce(day_first, 0), coalesce(month_first, 0), coalesce(iso_dates, 0)) / filled as share_dates,
        coalesce(lists, 0) / filled as share_lists,
        (coalesce(lists, 0) + coalesce(objects, 0)) / filled as share_json,
        case
            when coalesce(day_first, 0) = coalesce(iso_dates, 0) and coalesce(month_first, 0) = coalesce(iso_dates, 0) then 'year first'
            when coalesce(only_month_first, 0) > coalesce(only_day_first, 0) then 'month first'
            else 'day first'
        end as date_order,
        coalesce(only_day_first, 0) = 0
            and coalesce(only_month_first, 0) = 0
            and coalesce(day_first, 0) > coalesce(iso_dates, 0) as is_date_order_ambiguous,
        samples,
    from summed
    left join list_elements on list_elements.attribute = summed.attribute
)

select * from shares
