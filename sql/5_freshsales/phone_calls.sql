-- Calls from customer files, their original time in the note because Freshsales dates them itself.
-- one row per phone_call_key
with

calls as (
    select
        records.target_key as phone_call_key,
        records.contact_key,
        texts.text as note,
        activities.direction in ('in', 'incoming', 'inbound') as call_direction,
        activities.started_at as start_date,
    from engagement.activity_records as records
    inner join staging.activities as activities on activities.record_key = records.record_key
    inner join engagement.file_texts as texts on texts.entity = 'activities' and texts.record_key = records.record_key
    inner join freshsales.contacts as contacts on contacts.contact_key = records.contact_key
    where records.entity = 'activities'
      and records.fate = 'carried'
      and records.target_entity = 'phone_calls'
)

select * from calls
