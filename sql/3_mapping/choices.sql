-- The values of every attribute, and the entries of its lists, in one spelling each: Red, red and RED are one choice, written as most people write it.
-- one row per attribute, folded
with

spellings as (
    select attribute, entry, sum(people) as people
    from (
        select attribute_values.attribute, people, unnest(entries(value, lists.separator)) as entry
        from mapping.attribute_values as attribute_values
        inner join mapping.attribute_lists as lists on lists.attribute = attribute_values.attribute
        union all
        select attribute, people, value as entry
        from mapping.attribute_values
    )
    group by all
),

-- Of spellings equally common, the one with both small and capital letters, then one with a capital.
chosen as (
    select
        attribute,
        lower(entry) as folded,
        max_by(entry, (people, regexp_matches(entry, '\p{Lu}') and regexp_matches(entry, '\p{Ll}'), regexp_matches(entry, '^\p{Lu}'), entry)) as choice,
        sum(people) as people,
    from spellings
    group by attribute, lower(entry)
)

select * from chosen
