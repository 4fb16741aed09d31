-- A telephone number that cannot be read; the contact goes without it.
-- severity: note
-- fix: give the number with its country code, as text
-- decisions: clean
select
    'user_profiles' as entity,
    profile_key as key,
    field,
    before as value,
    rule as reason,
    null as suggestion,
from staging.cleansed
where field in ('mobile_number', 'whatsapp_number', 'work_number')
    and is_lost
