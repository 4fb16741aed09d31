-- Every campaign with its content, audience and results, so that it can be rebuilt.
-- one row per campaign_id
with

results as (
    select
        campaign_id,
        count(*) as sent,
        count(*) filter (where is_delivered) as delivered,
        count(*) filter (where is_opened) as opened,
        count(*) filter (where is_clicked) as clicked,
        count(distinct person_key) filter (where standing = 'carried') as contacts,
    from engagement.interaction_facts
    where is_campaign_known
    group by campaign_id
),

triggers as (
    select * from (values
        ('0', 'scheduled'), ('1', 'location or beacon'), ('2', 'event'), ('3', 'API')
    ) as triggers (code, name)
)

select
    campaigns.campaign_id,
    campaigns.title,
    concat_ws(
        ', ',
        case when campaigns.has_email then 'e-mail' end,
        case when campaigns.has_sms then 'SMS' end,
        case when campaigns.has_ios_push then 'iOS push' end,
        case when campaigns.has_android_push then 'Android push' end,
        case when campaigns.has_web_push then 'web push' end,
        case when campaigns.has_inbox then 'inbox' end,
        case when campaigns.has_webhook then 'webhook' end
    ) as channels,
    coalesce(triggers.name, campaigns.trigger_code) as trigger,
    case
        when campaigns.is_broadcast then 'everybody'
        else coalesce(rules.in_words, campaigns.conditions)
    end as audience,
    campaigns.is_active as active,
    campaigns.created_at,
    campaigns.activated_at,
    campaigns.deactivated_at,
    coalesce(results.sent, 0) as sent,
    coalesce(results.delivered, 0) as delivered,
    coalesce(results.opened, 0) as opened,
    coalesce(results.clicked, 0) as clicked,
    coalesce(results.contacts, 0) as contacts,
    left(
        coalesce(nullif(concat_ws(chr(10), campaigns.push_title, campaigns.push_text), ''), campaigns.messages),
        8000
    ) as content,
    campaigns.url as link,
    campaigns.locations,
from staging.campaigns as campaigns
left join results on results.campaign_id = campaigns.campaign_id
left join triggers on triggers.code = campaigns.trigger_code
left join mapping.rules_in_words as rules on rules.rule_key = 'campaign:' || campaigns.campaign_id
where campaigns.fate = 'kept'
  and campaigns.campaign_id is not null
order by campaigns.created_at desc nulls last, campaigns.campaign_id
