-- Every record Freshsales refused, in its own words, and every one that waits for something.
-- one row per entity, key
select
    targets.entity,
    targets.key,
    who.who_is_it,
    targets.fate as outcome,
    targets.reason,
from reports.targets as targets
left join reports.who as who on who.key = coalesce(targets.contact_key, targets.key)
where targets.fate in ('refused', 'conflict')
   or (targets.fate = 'blocked' and targets.entity in ('contacts', 'accounts', 'deals'))
order by targets.entity, targets.fate, targets.key
