-- Notes from customer files, author and original time in the text because Freshsales dates notes itself.
-- one row per note_key
with

notes as (
    select
        records.target_key as note_key,
        records.contact_key,
        texts.text as description,
    from engagement.activity_records as records
    inner join engagement.file_texts as texts on texts.entity = 'notes' and texts.record_key = records.record_key
    inner join freshsales.contacts as contacts on contacts.contact_key = records.contact_key
    where records.entity = 'notes'
      and records.fate = 'carried'
)

select * from notes
