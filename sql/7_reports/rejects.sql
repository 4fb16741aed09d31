-- Every record that could not be read, with its place and the reason.
-- one row per reject_key
select
    reject_key,
    source_file as file,
    source_record as record,
    source_line as line,
    entity,
    regexp_replace(reason, '\bJSON\b', 'record', 'g') as reason,
    left(raw, 1000) as raw,
    left(readings, 2000) as readings,
from staging.rejects
order by source_file, try_cast(source_record as bigint), reject_key
