-- Every record that could not be read, with its place and the reason.
-- one row per reject_key
-- view
select
    _file || ':' || coalesce(_record, '') || ':' || coalesce(_line, '') || ':' || row_number() over (order by _file, try_cast(_record as bigint), try_cast(_line as bigint), raw) as reject_key,
    entity,
    _file as source_file,
    _record as source_record,
    _line as source_line,
    reason,
    raw,
    readings,
from landed._rejects
