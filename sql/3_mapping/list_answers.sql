-- What the customer answered about stages, tiers, owners, tags and segments, the newest answer of each.
-- one row per list, item
select
    entity as list,
    lower(trim(attribute)) as item,
    arg_max(decision, decided_at) as decision,
    arg_max(nullif(trim(name), ''), decided_at) as value,
    arg_max(nullif(trim(label), ''), decided_at) as second_value,
    arg_max(who, decided_at) as who,
from settings.field_map
where entity in ('lifecycle_map', 'deal_tiers', 'owners', 'tags', 'segments')
group by all
