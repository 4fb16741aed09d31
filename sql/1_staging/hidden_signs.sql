-- Texts of the export that hold characters which do not show, such as controls: they are left out of what is sent.
-- one row per entity, record_key, field
with

columns as (
    select 'notes' as entity, _file, _record, 'body' as field, body as written from landed.notes
    union all
    select 'activities', _file, _record, 'subject', subject from landed.activities
    union all
    select 'activities', _file, _record, 'body', body from landed.activities
    union all
    select 'companies', _file, _record, 'name', name from landed.companies
    union all
    select 'companies', _file, _record, 'address', address from landed.companies
    union all
    select 'segments', _file, _record, 'title', title from landed.segments
    union all
    select 'companies', _file, _record, 'city', city from landed.companies
    union all
    select 'campaigns', _file, _record, 'title', title from landed.campaigns
    union all
    select 'documents', _file, _record, 'file_name', file_name from landed.documents
    union all
    select 'events', _file, _record, 'value', value from landed.events
    union all
    select 'tags', _file, _record, 'value', value from landed.tags
    union all
    select 'attributes', _file, _record, coalesce(name, 'value'), value from landed.attributes
),

-- A name of an event or tag is told once, however often it happened.
names as (
    select event as written, count(*) as records from landed.events group by event
    union all
    select tag_name, count(*) from landed.tags group by tag_name
),

hiding as materialized (
    select distinct written
    from names
    where asked_once(records, hides_signs(written))
),

named as (
    select 'events' as entity, min(_file || ':' || _record) as record_key, 'event' as field, event as written
    from landed.events
    where event in (from hiding)
    group by event
    union all
    select 'tags', min(_file || ':' || _record), 'tag_name', tag_name
    from landed.tags
    where tag_name in (from hiding)
    group by tag_name
),

-- The columns of the profiles that ferry does not know stand in one cell, where a control is written as a code.
crowded as (
    select _file || ':' || _record as record_key, unnest(map_entries(try_cast(_extra::json as map(varchar, varchar)))) as pair
    from landed.user_profiles
    where contains(_extra, '\u00') or hides_signs(_extra)
),

together as (
    select entity, _file || ':' || _record as record_key, field, written
    from columns
    where hides_signs(written)
    union all
    select * from named
    union all
    select 'user_profiles' as entity, record_key, pair.key as field, pair.value as written
    from crowded
    where hides_signs(pair.value)
)

select entity, record_key, field, shown(written) as shown_text
from together
