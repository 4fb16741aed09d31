-- A text holds characters that do not show; they are left out of what is sent.
-- severity: note
-- fix: nothing, if the text reads well; otherwise correct it in Xtremepush
select
    entity,
    record_key as key,
    field,
    shown_text as value,
    'characters that do not show were left out of it' as reason,
    null as suggestion,
from staging.hidden_signs
