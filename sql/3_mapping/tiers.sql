-- What each loyalty tier is worth: as the list says, or as the customer answered.
-- one row per tier_key
with

listed as (
    select lower(trim(tier)) as tier_key, tier, try_cast(amount as double) as amount, try_cast(score as double) as score
    from settings.deal_tiers
    qualify row_number() over (partition by lower(trim(tier)) order by tier) = 1
),

answered as (
    select item as tier_key, item as tier, try_cast(value as double) as amount, try_cast(second_value as double) as score
    from mapping.list_answers
    where list = 'deal_tiers'
      and decision = 'change'
)

select
    coalesce(listed.tier_key, answered.tier_key) as tier_key,
    coalesce(listed.tier, answered.tier) as tier,
    coalesce(answered.amount, listed.amount) as amount,
    coalesce(answered.score, listed.score) as score,
from listed
full join answered on answered.tier_key = listed.tier_key
