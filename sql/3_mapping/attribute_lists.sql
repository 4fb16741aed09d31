-- Attributes whose values are lists: what separates the entries, and how many different ones there are.
-- one row per attribute
with

signs as (
    select * from (values (1, ';', 'semicolons'), (2, '|', 'bars'), (3, ',', 'commas')) as signs (rank, separator, called)
),

-- JSON lists need no sign.
cut as (
    select attribute, 0 as rank, null as separator, 'JSON' as called, people, entries(value, null) as found
    from mapping.attribute_values
    where is_list
    union all
    select attribute, rank, separator, called, people, entries(value, separator) as found
    from mapping.attribute_values
    inner join signs
        on (separator = ';' and has_semicolon) or (separator = '|' and has_bar) or (separator = ',' and has_comma)
    where not is_list and not is_object
),

listed as (
    select distinct attribute, rank, separator, called from cut
),

-- The values without the sign are lists of one.
everything as (
    select cut.attribute, cut.rank, cut.people, cut.found from cut
    union all
    select listed.attribute, listed.rank, alone.people, [alone.value] as found
    from listed
    inner join mapping.attribute_values as alone on alone.attribute = listed.attribute
    where case listed.rank when 0 then not alone.is_list else not contains(alone.value, listed.separator) end
),

entries as (
    select attribute, rank, people, lower(entry) as entry, position
    from (
        select attribute, rank, people, unnest(found) as entry, generate_subscripts(found, 1) as position
        from everything
    )
),

-- "Dublin, Ireland" is no list: its parts keep their places. An entry of a list stands now first, now second.
placed as (
    select
        attribute,
        rank,
        entry,
        sum(people) as people,
        min(position) < max(position) as has_moved,
        try_cast(replace(entry, ' ', '') as double) is not null as is_number,
        max(length(entry)) as length,
    from entries
    group by all
),

measured as (
    select
        attribute,
        rank,
        count(*) as distinct_entries,
        sum(people) as mentions,
        bool_or(has_moved) as has_moved,
        bool_and(is_number) as is_numbers,
        max(length) as longest,
    from placed
    group by attribute, rank
),

chosen as (
    select
        listed.attribute,
        listed.separator,
        listed.called,
        measured.distinct_entries,
        measured.mentions,
        measured.longest,
    from listed
    inner join measured
        on measured.attribute = listed.attribute
        and measured.rank = listed.rank
    where listed.rank = 0
       or (
            measured.longest <= 60
            and measured.distinct_entries * 2 <= measured.mentions
            and not measured.is_numbers
            and (listed.rank < 3 or measured.has_moved)
       )
    qualify row_number() over (partition by listed.attribute order by listed.rank) = 1
)

select * from chosen
