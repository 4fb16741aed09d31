-- No value of this column settles whether the day or the month comes first.
-- severity: note
-- fix: confirm in the mapping workbook which way it is, or export the values as year-month-day
select
    'attributes' as entity,
    attribute as key,
    'date order' as field,
    samples as value,
    'read ' || date_order || ', but every value would also make sense the other way round' as reason,
    null as suggestion,
from mapping.proposals
where is_date_order_ambiguous
  and type = 'date'
