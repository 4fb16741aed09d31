-- The texts of notes, calls, meetings and e-mails from customer files, whole, and how much of each Freshsales takes.
-- one row per entity, record_key
-- view
with

notes as (
    select
        'notes' as entity,
        'notes' as target_entity,
        record_key,
        null as title,
        coalesce(body, '')
            || coalesce(chr(10) || 'Author: ' || author, '')
            || coalesce(chr(10) || 'Written: ' || strftime(created_at, '%Y-%m-%d %H:%M:%S') || ' UTC', '') as text,
    from staging.notes
),

calls as (
    select
        'activities' as entity,
        'phone_calls' as target_entity,
        record_key,
        null as title,
        concat_ws(
            chr(10),
            subject,
            body,
            'Author: ' || author,
            'Time: ' || strftime(started_at, '%Y-%m-%d %H:%M:%S') || ' UTC',
            'Duration: ' || date_diff('minute', started_at, ended_at) || ' minutes'
        ) as text,
    from staging.activities
    where kind = 'call'
),

meetings as (
    select
        'activities' as entity,
        'appointments' as target_entity,
        record_key,
        coalesce(subject, 'Meeting') as title,
        concat_ws(chr(10), body, 'Author: ' || author) as text,
    from staging.activities
    where kind = 'meeting'
),

emails as (
    select
        'activities' as entity,
        'sales_activities' as target_entity,
        record_key,
        coalesce(subject, 'E-mail') as title,
        concat_ws(
            chr(10),
            body,
            'Direction: ' || direction,
            'Author: ' || author,
            'Time: ' || strftime(started_at, '%Y-%m-%d %H:%M:%S') || ' UTC'
        ) as text,
    from staging.activities
    where kind = 'email'
),

together as (
    select * from notes
    union all
    select * from calls
    union all
    select * from meetings
    union all
    select * from emails
),

limits as (
    select
        entity as target_entity,
        max(try_cast(max_length as bigint)) filter (where field = 'title') as title_length,
        max(try_cast(max_length as bigint)) filter (where field <> 'title') as text_length,
    from settings.field_limits
    where field in ('title', 'description', 'note', 'notes')
    group by entity
),

fitted as (
    select
        together.entity,
        together.target_entity,
        together.record_key,
        left(together.title, limits.title_length) as title,
        left(together.text, limits.text_length) as text,
        case when length(together.title) > limits.title_length or length(together.text) > limits.text_length then concat_ws(chr(10), together.title, together.text) end as whole_text,
        length(together.text) as whole_length,
    from together
    inner join limits on limits.target_entity = together.target_entity
)

select * from fitted
