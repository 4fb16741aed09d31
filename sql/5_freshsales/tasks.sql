-- Campaigns people got and events they did, as finished tasks dated with their original time.
-- one row per task_key
-- parts: by person_key
with

activities as (
    select
        activities.activity_key as task_key,
        activities.person_key as contact_key,
        contacts.owner_email,
        options.activity_task_type as task_type,
        activities.title,
        activities.description,
        1::bigint as status,
        activities.happened_at as due_date,
    from engagement.activities as activities
    inner join freshsales.contacts as contacts on contacts.contact_key = activities.person_key
    inner join staging.typed_options as options on options.activity_carrier = 'task'
)

select * from activities
