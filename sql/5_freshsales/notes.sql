-- Notes from customer files, author and original time in the text because Freshsales dates notes itself.
-- one row per note_key
with

notes as (
    select
        records.target_key as note_key,
        records.contact_key,
        left(notes.body, 7500)
            || coalesce(chr(10) || 'Author: ' || notes.author, '')
            || coalesce(chr(10) || 'Written: ' || strftime(notes.created_at, '%Y-%m-%d %H:%M:%S') || ' UTC', '') as description,
    from engagement.activity_records as records
    inner join staging.notes as notes on notes.record_key = records.record_key
    inner join freshsales.contacts as contacts on contacts.contact_key = records.contact_key
    where records.entity = 'notes'
      and records.fate = 'carried'
)

select * from notes
