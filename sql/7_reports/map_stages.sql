-- What each lifecycle stage of the data becomes in Freshsales; stages nobody mapped come first.
-- one row per item
with

stages as (
    select
        lower(trim(original)) as item,
        min(original) as shown,
        count(*) as contacts,
        any_value(lifecycle_stage) as lifecycle_stage,
        any_value(contact_status) as contact_status,
    from mapping.lifecycle
    group by 1
),

possible as (
    select list_sort(list(distinct trim(lifecycle_stage) || coalesce(' / ' || nullif(trim(contact_status), ''), ''))) as choices
    from settings.lifecycle_map
    where trim(lifecycle_stage) <> ''
)

select
    stages.item,
    'lifecycle_map' as list,
    stages.shown,
    stages.contacts,
    coalesce(stages.lifecycle_stage || coalesce(' / ' || stages.contact_status, ''), 'stays empty') as becomes,
    case
        when answers.decision is not null then 'answered by ' || coalesce(answers.who, 'the customer')
        when stages.lifecycle_stage is null then 'no stage of Freshsales is known for it; the word itself is kept beside'
        else 'by its name'
    end as why,
    answers.decision,
    case when answers.decision = 'change' then answers.value || coalesce(' / ' || answers.second_value, '') end as new_value,
    answers.who,
    'confirm change skip' as answers,
    possible.choices,
from stages
cross join possible
left join mapping.list_answers as answers on answers.list = 'lifecycle_map' and answers.item = stages.item
order by answers.decision is not null, stages.lifecycle_stage is not null, stages.contacts desc, stages.item
