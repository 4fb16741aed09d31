-- A document without its file cannot be sent.
-- severity: note
-- fix: add the file to the documents and export again
-- engineer: fill the column path of the documents file, then ferry extract
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
