-- A field of Freshsales holds days; the time of day of these values stays behind.
-- severity: note
-- fix: nothing to do, unless the time matters: then confirm the column as text in the mapping workbook
select
    'attributes' as entity,
    attribute as key,
    null as field,
    samples as value,
    times_of_day || ' values have a time of day, and only the day is sent' as reason,
    null as suggestion,
from mapping.proposals
where decision = 'send'
  and type = 'date'
  and times_of_day > 0
