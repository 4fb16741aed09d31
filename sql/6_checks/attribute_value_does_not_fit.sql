-- A value that its field cannot take is left out; the contact goes without it.
-- severity: note
-- fix: correct the value in Xtremepush, or confirm another type in the mapping workbook
-- decisions: clean
select
    'contacts' as entity,
    person_key as key,
    name as field,
    original as value,
    problem || ', so this field stays empty' as reason,
    null as suggestion,
    attribute,
from mapping.person_fields
where problem is not null
  and value is null
