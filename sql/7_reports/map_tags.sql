-- How tags travel, and each tag with how many people have it; a tag nobody needs can be left out.
-- one row per item
with

held as (
    select
        lower(trim(tags.tag_name)) as item,
        min(trim(tags.tag_name)) as shown,
        count(distinct people.person_key) as contacts,
    from staging.tags as tags
    inner join matching.people as people on people.profile_key = tags.profile_key
    where tags.fate = 'kept'
      and tags.tag_name is not null
      and people.decided_by not in ('deleted', 'anonymous')
    group by 1
),

ruled as (
    select tags_as as travels_as from staging.typed_options
),

listed as (
    select
        0 as place,
        'tags.as' as item,
        'All tags together' as shown,
        (select count(distinct person_key) from mapping.person_tags where source = 'tag') as contacts,
        case travels_as when 'tags' then 'tags of the contact' when 'multi_select' then 'one field with several choices' else 'left behind' end as becomes,
        'confirm' as answers,
    from ruled
    union all
    select
        1,
        held.item,
        held.shown,
        held.contacts,
        case travels_as
            when 'none' then 'left behind'
            when 'multi_select' then 'a choice of one field'
            else 'tag: ' || coalesce((select tags_prefix from staging.typed_options), '') || held.shown
        end,
        'skip',
    from held
    cross join ruled
)

select
    listed.item,
    'tags' as list,
    listed.shown,
    listed.contacts,
    case when answers.decision = 'skip' then 'left behind' else listed.becomes end as becomes,
    answers.decision,
    answers.who,
    listed.answers,
from listed
left join mapping.list_answers as answers on answers.list = 'tags' and answers.item = listed.item
order by listed.place, listed.contacts desc, listed.item
