-- What is taken for granted before anything is learnt: the shipped m and u probability of every level, for the fields that were compared.
-- one row per field, level
with
fields as (
    select distinct field, levels_of
    from matching.patterns
)
select
    fields.field,
    levels.level::tinyint as level,
    levels.m::double as m_probability,
    levels.u::double as u_probability,
    -- a household has one surname and one address, like one person; what else it has in common is stated, or as among strangers
    case
        when levels.kin = 'as one person' then null
        else coalesce(try_cast(levels.kin as double), 0)
    end as household_probability,
from settings.match_levels as levels
inner join fields
    on fields.levels_of = levels.field
