-- Meetings from customer files, with their original times.
-- one row per appointment_key
with

meetings as (
    select
        records.target_key as appointment_key,
        records.contact_key,
        texts.title,
        texts.text as description,
        activities.started_at as from_date,
        greatest(activities.ended_at, activities.started_at + interval 1 minute) as end_date,
    from engagement.activity_records as records
    inner join staging.activities as activities on activities.record_key = records.record_key
    inner join engagement.file_texts as texts on texts.entity = 'activities' and texts.record_key = records.record_key
    inner join freshsales.contacts as contacts on contacts.contact_key = records.contact_key
    where records.entity = 'activities'
      and records.fate = 'carried'
      and records.target_entity = 'appointments'
)

select * from meetings
