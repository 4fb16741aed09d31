-- A balance, level or list of achievements that cannot be read counts for nothing.
-- severity: note
-- fix: correct the value in the loyalty export
select
    'loyalty' as entity,
    record_key as key,
    null as field,
    unreadable as value,
    'could not be read, and counts for nothing' as reason,
    null as suggestion,
from staging.loyalty
where fate = 'kept'
  and unreadable <> ''
