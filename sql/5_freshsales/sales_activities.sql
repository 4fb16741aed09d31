-- E-mails from customer files, and campaigns and events where settings carry them as sales activities.
-- one row per sales_activity_key
-- parts: by person_key
with

from_engagement as (
    select
        activities.activity_key as sales_activity_key,
        activities.person_key as contact_key,
        contacts.owner_email,
        options.activity_sales_activity_type as sales_activity_type,
        activities.title,
        activities.description as notes,
        activities.happened_at as start_date,
        activities.happened_at as end_date,
    from engagement.activities as activities
    inner join freshsales.contacts as contacts on contacts.contact_key = activities.person_key
    inner join staging.typed_options as options on options.activity_carrier = 'sales_activity'
),

from_files as (
    select
        records.target_key as sales_activity_key,
        records.contact_key,
        coalesce(authors.owner_email, contacts.owner_email) as owner_email,
        'Email' as sales_activity_type,
        texts.title,
        texts.text as notes,
        activities.started_at as start_date,
        coalesce(activities.ended_at, activities.started_at) as end_date,
    from engagement.activity_records as records
    inner join staging.activities as activities on activities.record_key = records.record_key
    inner join engagement.file_texts as texts on texts.entity = 'activities' and texts.record_key = records.record_key
    inner join freshsales.contacts as contacts on contacts.contact_key = records.contact_key
    left join mapping.owner_texts as authors on authors.owner_text = lower(trim(activities.author))
    where records.entity = 'activities'
      and records.fate = 'carried'
      and records.target_entity = 'sales_activities'
),

together as (
    select * from from_engagement
    union all
    select * from from_files
)

select * from together
