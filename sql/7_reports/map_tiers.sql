-- What each loyalty tier of the data is worth as a deal and in scores; tiers nobody described come first.
-- one row per item
with

held as (
    select lower(trim(tier)) as item, min(trim(tier)) as shown, count(*) as contacts
    from mapping.loyalty
    where trim(tier) <> ''
    group by 1
),

every_tier as (
    select
        coalesce(held.item, tiers.tier_key) as item,
        coalesce(held.shown, tiers.tier) as shown,
        coalesce(held.contacts, 0) as contacts,
        tiers.amount,
        tiers.score,
        tiers.tier_key is not null as is_known,
    from held
    full join mapping.tiers as tiers on tiers.tier_key = held.item
)

select
    every_tier.item,
    'deal_tiers' as list,
    every_tier.shown,
    every_tier.contacts,
    every_tier.amount,
    every_tier.score,
    case
        when answers.decision is not null then 'answered by ' || coalesce(answers.who, 'the customer')
        when not every_tier.is_known then 'nobody has said what it is worth: it counts for nothing'
        when every_tier.contacts = 0 then 'on the list, but nobody has it'
        else 'on the list'
    end as why,
    answers.decision,
    case when answers.decision = 'change' then answers.value end as new_value,
    case when answers.decision = 'change' then answers.second_value end as second_value,
    answers.who,
    'confirm change' as answers,
from every_tier
left join mapping.list_answers as answers on answers.list = 'deal_tiers' and answers.item = every_tier.item
-- where nobody has a tier and no deal needs one, there is nothing to ask
where (select count(*) from held) > 0
   or (select count(*) from freshsales.deals) > 0
   or answers.decision is not null
order by answers.decision is not null, every_tier.is_known, every_tier.contacts desc, every_tier.item
