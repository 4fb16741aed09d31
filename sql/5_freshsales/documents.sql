-- Documents from customer files, hung on the contact they belong to.
-- one row per document_key
with

documents as (
    select
        records.target_key as document_key,
        records.contact_key,
        coalesce(documents.file_name, regexp_extract(documents.path, '[^/\\]+$')) as file_name,
        documents.path,
        documents.content_type,
    from engagement.activity_records as records
    inner join staging.documents as documents on documents.record_key = records.record_key
    inner join freshsales.contacts as contacts on contacts.contact_key = records.contact_key
    where records.entity = 'documents'
      and records.fate = 'carried'
)

select * from documents
