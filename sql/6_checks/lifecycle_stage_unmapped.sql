-- A lifecycle stage that has no counterpart stays empty in Freshsales; the original is kept beside it.
-- severity: note
-- fix: choose the stage of Freshsales in the mapping workbook
-- engineer: add the stage to the list: ferry sql copy settings.lifecycle_map, edit it, then ferry transform
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
