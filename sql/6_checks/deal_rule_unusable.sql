-- A rule for deals that cannot be read would make deals for the wrong people, or for nobody.
-- severity: stop
-- fix: nothing you can do: your engineer must correct the rule
-- engineer: correct the line in 0_settings/deal_rules.csv: open_rate and sessions_per_month take a number, loyalty_tier names of deal_tiers.csv
with

rules as (
    select
        lower(trim(measure)) as measure,
        trim(at_least) as written,
        try_cast(trim(replace(at_least, '%', '')) as double) as number,
    from settings.deal_rules
    where trim(at_least) <> ''
),

-- A tier of a rule that no tier of the list has.
strange_tiers as (
    select measure, trim(tier) as tier
    from (select measure, unnest(string_split(written, ';')) as tier from rules where measure = 'loyalty_tier')
    where lower(trim(tier)) not in (select tier_key from mapping.tiers)
),

broken as (
    select
        measure,
        written,
        case
            when measure not in ('open_rate', 'sessions_per_month', 'loyalty_tier') then 'there is no such measure'
            when measure <> 'loyalty_tier' and (number is null or number < 0) then 'this is not a number'
            when measure = 'open_rate' and written not like '%\%' escape '\' and number > 1 then 'a share is between 0 and 1, or written with %'
        end as reason,
    from rules
    union all
    select measure, tier as written, 'nobody has said what this tier is worth' as reason
    from strange_tiers
)

select
    'deals' as entity,
    coalesce(measure, '') || ': ' || written as key,
    'at_least' as field,
    written as value,
    reason,
    null as suggestion,
from broken
where reason is not null
  and (select deals from staging.typed_options)
