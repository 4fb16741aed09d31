-- Every file and endpoint that was read, with its counts.
-- one row per source, entity
-- view
select
    source,
    coalesce(entity, '') as entity, -- none: passed over, see note
    kind,
    format,
    encoding,
    delimiter,
    sha256,
    note,
    bytes,
    records,
    landed,
    rejected,
from landed._sources
