-- What each person got from each campaign: when it was sent, whether it arrived, was opened and clicked.
-- one row per person_key, campaign_id
-- parts: by person_key
with

counted as (
    select
        facts.person_key,
        facts.campaign_id,
        min(facts.campaign_title) as campaign_title,
        array_to_string(list_sort(list_distinct(list(facts.channel))), ', ') as channels,
        count(*) as messages,
        count(*) filter (where facts.is_delivered) as delivered,
        count(*) filter (where facts.is_opened) as opened,
        count(*) filter (where facts.is_clicked) as clicked,
        count(*) filter (where facts.is_failed) as failed,
        min(facts.error_message) as error_message,
        min(facts.sent_at) as sent_at,
        min(facts.opened_at) as opened_at,
        min(facts.clicked_at) as clicked_at,
        min(facts.happened_at) as happened_at,
    from engagement.interaction_facts as facts
    where facts.standing = 'carried'
    group by facts.person_key, facts.campaign_id
)

select * from counted
