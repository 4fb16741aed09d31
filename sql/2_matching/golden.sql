-- One line per person: the best value of every standard field; where it came from is in matching.survivors.
-- one row per person_key
with
members as (
    select people.person_key, people.decided_by, profiles.*
    from matching.people as people
    inner join staging.profiles as profiles
        on profiles.profile_key = people.profile_key
    where people.decided_by <> 'deleted'
),
kept as (
    select
        person_key,
        max(value) filter (field = 'email') as email,
        max(value) filter (field = 'mobile_number') as mobile_number,
        max(value) filter (field = 'whatsapp_number') as whatsapp_number,
        max(value) filter (field = 'first_name') as first_name,
        max(value) filter (field = 'last_name') as last_name,
        max(value) filter (field = 'language') as language,
        max(value) filter (field = 'timezone') as timezone,
        max(value) filter (field = 'country') as country,
        max(value) filter (field = 'company_name') as company_name,
        max(value) filter (field = 'lifecycle_stage') as lifecycle_stage,
    from matching.survivors
    group by person_key
),
-- what is not chosen but summed up: no opt-out is lost, the longest time span is kept
summed as (
    select
        person_key,
        count(*) as member_count,
        bool_and(email_subscription) as email_subscription,
        bool_and(sms_subscription) as sms_subscription,
        bool_and(whatsapp_subscription) as whatsapp_subscription,
        bool_and(push_subscription) as push_subscription,
        bool_and(is_anonymous) as is_anonymous,
        min(created_at) as created_at,
        max(updated_at) as updated_at,
        max(last_seen_at) as last_seen_at,
    from members
    group by person_key
)
select
    summed.person_key,
    heads.profile_id,
    heads.user_id,
    if(summed.member_count = 1, heads.email, kept.email) as email,
    if(summed.member_count = 1, heads.mobile_number, kept.mobile_number) as mobile_number,
    if(summed.member_count = 1, heads.whatsapp_number, kept.whatsapp_number) as whatsapp_number,
    if(summed.member_count = 1, heads.first_name, kept.first_name) as first_name,
    if(summed.member_count = 1, heads.last_name, kept.last_name) as last_name,
    if(summed.member_count = 1, heads.language, kept.language) as language,
    if(summed.member_count = 1, heads.timezone, kept.timezone) as timezone,
    if(summed.member_count = 1, heads.country, kept.country) as country,
    if(summed.member_count = 1, heads.company_name, kept.company_name) as company_name,
    if(summed.member_count = 1, heads.lifecycle_stage, kept.lifecycle_stage) as lifecycle_stage,
    summed.member_count,
    summed.email_subscription,
    summed.sms_subscription,
    summed.whatsapp_subscription,
    summed.push_subscription,
    summed.is_anonymous,
    summed.created_at,
    summed.updated_at,
    summed.last_seen_at,
from summed
left join members as heads
    on heads.person_key = summed.person_key
    and heads.profile_key = summed.person_key
left join kept
    on kept.person_key = summed.person_key
