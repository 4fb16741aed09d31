-- Two profiles that may be the same person; nobody is merged until somebody says so.
-- severity: note
-- fix: say whether this is one person; merged contacts cannot be split again in Freshsales
-- decisions: merge apart
select
    'contacts' as entity,
    left_key || '|' || right_key as key,
    null::varchar as field,
    round(probability * 100, 1)::varchar || ' %' as value,
    evidence as reason,
    advice as suggestion,
from matching.pairs
where decision is null
