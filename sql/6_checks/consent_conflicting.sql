-- Different sources say different things about what a person allows; the no was taken.
-- severity: note
-- fix: nothing to do, unless the no is a mistake
select
    'contacts' as entity,
    person_key as key,
    channel || ' consent' as field,
    state as value,
    evidence as reason,
    null as suggestion,
from mapping.consent
where is_conflicting
