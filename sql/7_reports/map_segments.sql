-- Whether segments become tags, and each segment with its rule in words and how many people are in it.
-- one row per item
with

ruled as (
    select segments_as_tags as is_tagged from staging.typed_options
),

titled as (
    select
        lower(trim(coalesce(title, segment_id))) as item,
        min(coalesce(title, segment_id)) as shown,
        string_agg(in_words, '; ' order by segment_id) as in_words,
        sum(contacts)::bigint as contacts,
        min(becomes) as becomes,
    from reports.segment_rules
    group by 1
),

listed as (
    select
        0 as place,
        'segments.as_tags' as item,
        'tags' as list,
        'All segments together' as shown,
        null as in_words,
        (select count(distinct person_key) from mapping.person_tags where source = 'segment') as contacts,
        case when is_tagged then 'tags of the contact' else 'only listed in the hand-over' end as becomes,
        'confirm' as answers,
    from ruled
    union all
    select 1, item, 'segments', shown, in_words, contacts, becomes, case when is_tagged then 'skip' else '' end
    from titled
    cross join ruled
)

select
    listed.item,
    listed.list,
    listed.shown,
    listed.in_words,
    listed.contacts,
    case when answers.decision = 'skip' then 'only listed in the hand-over' else listed.becomes end as becomes,
    answers.decision,
    answers.who,
    listed.answers,
from listed
left join mapping.list_answers as answers on answers.list = listed.list and answers.item = listed.item
order by listed.place, listed.contacts desc, listed.item
