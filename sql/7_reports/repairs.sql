-- Every damaged record that was mended while it was read, as it was and as it was taken.
-- one row per repair_key
select
    repair_key,
    source_file as file,
    source_record as record,
    source_line as line,
    entity,
    left(text_before, 1000) as before,
    left(text_after, 1000) as after,
from staging.repairs
order by source_file, try_cast(source_record as bigint), repair_key
