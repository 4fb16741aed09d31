-- Every record that landed otherwise than its text, read plainly, has it: the text, and the cells it was taken for.
-- one row per repair_key
select
    _file || ':' || coalesce(_record, '') || ':' || coalesce(_line, '') || ':' || row_number() over (order by _file, try_cast(_record as bigint), try_cast(_line as bigint), "before") as repair_key,
    entity,
    _file as source_file,
    _record as source_record,
    _line as source_line,
    "before" as text_before,
    "after" as text_after,
from landed._repairs
