-- A lifecycle stage nobody mapped stays empty in Freshsales; the original is kept beside it.
-- severity: note
-- fix: add the stage to 0_settings/lifecycle_map.csv
-- decisions: clean
select
    'contacts' as entity,
    person_key as key,
    'lifecycle_stage' as field,
    original as value,
    'no Freshsales stage is mapped to this' as reason,
    null as suggestion,
from mapping.lifecycle
where lifecycle_stage is null
