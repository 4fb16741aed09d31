-- The text that should name the owner is neither an e-mail nor listed in owners.csv.
-- severity: note
-- fix: add the text to 0_settings/owners.csv
-- decisions: clean
select
    'contacts' as entity,
    person_key as key,
    'owner_email' as field,
    owner_text as value,
    'neither an e-mail nor in owners.csv' as reason,
    null as suggestion,
from mapping.owners
where owner_email is null
