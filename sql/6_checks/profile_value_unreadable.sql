-- A flag or a time of a profile that could not be read counts as unknown.
-- severity: note
-- fix: correct the value in Xtremepush and export again
select
    'user_profiles' as entity,
    profile_key as key,
    null as field,
    unreadable as value,
    'could not be read, and counts as unknown' as reason,
    null as suggestion,
from staging.profile_records
where fate = 'kept'
  and unreadable <> ''
