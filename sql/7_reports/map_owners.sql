-- Who in Freshsales each owner named in the data is; names nobody knows come first.
-- one row per item
with

named as (
    select lower(trim(owner_text)) as item, min(trim(owner_text)) as shown, count(*) as contacts, any_value(owner_email) as owner_email
    from mapping.owners
    group by 1
),

every_owner as (
    select
        coalesce(named.item, texts.owner_text) as item,
        coalesce(named.shown, texts.owner_text) as shown,
        coalesce(named.contacts, 0) as contacts,
        coalesce(named.owner_email, texts.owner_email) as owner_email,
        texts.owner_text is not null as is_listed,
    from named
    full join mapping.owner_texts as texts on texts.owner_text = named.item
)

select
    every_owner.item,
    'owners' as list,
    every_owner.shown,
    every_owner.contacts,
    coalesce(every_owner.owner_email, 'nobody') as becomes,
    case
        when answers.decision is not null then 'answered by ' || coalesce(answers.who, 'the customer')
        when every_owner.owner_email is null then 'neither an e-mail address nor a name we know'
        when every_owner.is_listed then 'on the list'
        else 'it is an e-mail address'
    end as why,
    answers.decision,
    case when answers.decision = 'change' then answers.value end as new_value,
    answers.who,
    'confirm change skip' as answers,
from every_owner
left join mapping.list_answers as answers on answers.list = 'owners' and answers.item = every_owner.item
order by answers.decision is not null, every_owner.owner_email is not null, every_owner.contacts desc, every_owner.item
