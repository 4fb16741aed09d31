-- Words such as N/A are read as empty.
-- severity: note
-- fix: nothing to do, unless the word is meant: then say so
-- engineer: take the word out of the list (ferry sql copy settings.null_words)
select
    entity,
    field as key,
    field,
    word as value,
    records || case when records = 1 then ' value says' else ' values say' end || ' this, which is read as empty' as reason,
    null as suggestion,
from staging.nothing_words
