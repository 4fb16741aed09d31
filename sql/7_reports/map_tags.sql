-- How tags travel, and every tag a contact gets, with where it comes from and how many people have it; a tag nobody needs can be left out.
-- one row per item
with

-- Tags that were exported as such, and those in a column of the profiles.
hits as (
    select people.person_key, trim(tags.tag_name) as shown, 'tags' as origin
    from staging.tags as tags
    inner join matching.people as people on people.profile_key = tags.profile_key
    where tags.fate = 'kept'
      and tags.tag_name is not null
      and people.decided_by not in ('deleted', 'anonymous')
    union all
    select person_key, trim(tag_name), 'attribute “' || attribute || '”' from mapping.column_tags
),

held as (
    select
        lower(shown) as item,
        min(shown) as shown,
        count(distinct person_key) as contacts,
        string_agg(distinct origin, ', ' order by origin) as comes_from,
    from hits
    group by 1
),

-- Segments become tags too; whether they do is answered on their own sheet.
from_segments as (
    select
        lower(trim(tag)) as item,
        min(tag) as shown,
        count(distinct person_key) as contacts,
    from mapping.person_tags
    where source = 'segment'
    group by 1
),

ruled as (
    select tags_as as travels_as, coalesce(tags_prefix, '') as prefix from staging.typed_options
),

listed as (
    select
        0 as place,
        'tags.as' as item,
        'All tags together' as shown,
        (select count(distinct person_key) from hits) as contacts,
        'all of them' as comes_from,
        case travels_as when 'tags' then 'tags of the contact' when 'multi_select' then 'one field with several choices' else 'left behind' end as becomes,
        'confirm' as answers,
    from ruled
    union all
    select
        1,
        held.item,
        held.shown,
        held.contacts,
        held.comes_from,
        case travels_as
            when 'none' then 'left behind'
            when 'multi_select' then 'a choice of one field'
            else 'tag: ' || prefix || held.shown
        end,
        'skip',
    from held
    cross join ruled
    union all
    select
        2,
        from_segments.item,
        from_segments.shown,
        from_segments.contacts,
        'segment, see the sheet “Segments”',
        'tag: ' || from_segments.shown,
        '',
    from from_segments
    anti join held on held.item = from_segments.item
)

select
    listed.item,
    'tags' as list,
    listed.shown,
    listed.contacts,
    listed.comes_from,
    case when answers.decision = 'skip' and listed.place < 2 then 'left behind' else listed.becomes end as becomes,
    case when listed.place < 2 then answers.decision end as decision,
    case when listed.place < 2 then answers.who end as who,
    listed.answers,
from listed
left join mapping.list_answers as answers on answers.list = 'tags' and answers.item = listed.item
order by listed.place, listed.contacts desc, listed.item
