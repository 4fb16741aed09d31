-- Columns whose names differ only in signs became fields of their own.
-- severity: note
-- fix: rename one of them, or leave one behind in the mapping workbook
select
    'attributes' as entity,
    name as key,
    null as field,
    written_name as value,
    'other columns of the same profiles have nearly this name; this one is the field ' || field_words(name) as reason,
    null as suggestion,
from staging.attribute_names
where is_crowded
