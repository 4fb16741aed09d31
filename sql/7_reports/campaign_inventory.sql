-- Every campaign with its content, audience and results, so that it can be rebuilt.
-- one row per campaign_id
with

-- the last 90 days the data knows of
newest as (
    select max(sent_at) as newest_at
    from engagement.interaction_facts
    where sent_at <= (select try_cast(value as timestamptz) from settings.run where name = 'run_at')
),

results as (
    select
        campaign_id,
        max(sent_at) as last_sent_at,
        count(*) filter (where sent_at > newest_at - interval 90 day) as sent_90,
        count(*) filter (where sent_at > newest_at - interval 90 day and is_delivered) as delivered_90,
        count(*) filter (where sent_at > newest_at - interval 90 day and is_opened) as opened_90,
        count(*) filter (where sent_at > newest_at - interval 90 day and is_clicked) as clicked_90,
        count(*) as sent,
        count(*) filter (where is_delivered) as delivered,
        count(*) filter (where is_opened) as opened,
        count(*) filter (where is_clicked) as clicked,
        count(distinct person_key) filter (where standing = 'carried') as contacts,
    from engagement.interaction_facts
    cross join newest
    where is_campaign_known
    group by campaign_id
),

-- The places that start a campaign, by name.
located as (
    select
        campaigns.campaign_id,
        string_agg(coalesce(places.title, 'place ' || campaigns.location_id), ', ' order by places.title, campaigns.location_id) as places,
    from (
        select
            campaign_id,
            unnest(regexp_extract_all(locations, '[0-9A-Za-z_-]+')) as location_id,
        from staging.campaigns
        where fate = 'kept'
    ) as campaigns
    left join (select location_id, min(title) as title from staging.geofences where fate = 'kept' group by location_id) as places
        on places.location_id = campaigns.location_id
    group by campaigns.campaign_id
),

triggers as (
    select * from (values
        ('0', 'scheduled'), ('1', 'location or beacon'), ('2', 'event'), ('3', 'another system')
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
    coalesce(results.sent_90, 0) as sent_90,
    coalesce(results.delivered_90, 0) as delivered_90,
    coalesce(results.opened_90, 0) as opened_90,
    coalesce(results.clicked_90, 0) as clicked_90,
    results.last_sent_at,
    left(
        coalesce(nullif(concat_ws(chr(10), campaigns.push_title, campaigns.push_text), ''), campaigns.messages),
        8000
    ) as content,
    campaigns.url as link,
    located.places as locations,
from staging.campaigns as campaigns
left join results on results.campaign_id = campaigns.campaign_id
left join located on located.campaign_id = campaigns.campaign_id
left join triggers on triggers.code = campaigns.trigger_code
left join mapping.rules_in_words as rules on rules.rule_key = 'campaign:' || campaigns.campaign_id
where campaigns.fate = 'kept'
  and campaigns.campaign_id is not null
order by campaigns.created_at desc nulls last, campaigns.campaign_id
