-- The text that should name the owner of a contact is neither an e-mail address nor a name we know.
-- severity: note
-- fix: write the e-mail address of that salesperson in the mapping workbook
-- engineer: add the text to the list: ferry sql copy settings.owners, edit it, then ferry transform
-- decisions: clean
select
    'contacts' as entity,
    person_key as key,
    'owner_email' as field,
    owner_text as value,
    'neither an e-mail address nor a name we know' as reason,
    null as suggestion,
from mapping.owners
where owner_email is null
