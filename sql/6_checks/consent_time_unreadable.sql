-- Consent records whose time is missing or cannot be read: their no stands against every dated yes.
-- severity: note
-- fix: export the times again as 2026-01-31 17:05:00
select
    'consents' as entity,
    source_file || ': ' || if(updated_text is null, 'no time', 'unreadable time') as key,
    'update_time' as field,
    min(updated_text) as value,
    count(*) || case when count(*) = 1 then ' record has ' else ' records have ' end
        || if(updated_text is null, 'no time', 'a time nobody can read') || '; a no among them stays a no' as reason,
    null as suggestion,
from staging.consents
where updated_at is null
group by source_file, updated_text is null
