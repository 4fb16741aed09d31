-- A document that names no file cannot be sent.
-- severity: note
-- fix: fill the path in the documents file
select
    'documents' as entity,
    record_key as key,
    'path' as field,
    document_id as value,
    'no file is named' as reason,
    null as suggestion,
from staging.documents
where fate = 'kept'
  and path is null
