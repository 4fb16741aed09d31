-- The fields that the migration fills by itself: no attribute can go into them.
-- one row per entity, name
with

standard as (
    select entity, field as name, label
    from settings.standard_fields
    where takes_attributes <> 'true'
),

own as (
    select entity, name, any_value(label) as label
    from freshsales.fields
    where source = 'ferry'
      and name not in ('cf_points_balance', 'cf_loyalty_tier', 'cf_achievement_count')
    group by entity, name
)

select * from standard
union all
select * from own
