-- Every file and endpoint that was read.
-- one row per source, entity
select source, entity, kind, format, encoding, delimiter, bytes, records, landed, rejected, note
from staging.sources
order by entity, source
