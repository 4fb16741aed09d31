-- Every message once, with its campaign, the person who got it, and whether it can be carried over.
-- one row per interaction_key
with

switches as (
    select
        (select activity_campaigns from staging.typed_options) as carried_how,
        (select activity_future from staging.typed_options) as future,
        (select activity_since::timestamptz from staging.typed_options) as since,
        (select try_cast(value as timestamptz) from settings.run where name = 'run_at') + interval 1 day as latest,
),

campaigns as (
    select campaign_id, title from staging.campaigns where fate = 'kept' and campaign_id is not null
),

known as (
    select
        interactions.interaction_key,
        interactions.record_key,
        interactions.profile_key,
        people.person_key,
        people.decided_by,
        interactions.campaign_id,
        coalesce(campaigns.title, 'Campaign ' || campaigns.campaign_id) as campaign_title,
        campaigns.campaign_id is not null as is_campaign_known,
        interactions.channel,
        interactions.error_message,
        interactions.is_delivered,
        coalesce(interactions.is_opened, false) or interactions.opened_at is not null as is_opened,
        coalesce(interactions.is_clicked, false) or interactions.clicked_at is not null as is_clicked,
        interactions.is_failed,
        interactions.sent_at,
        interactions.opened_at,
        interactions.clicked_at,
        coalesce(interactions.sent_at, interactions.opened_at, interactions.clicked_at) as happened_at,
    from staging.interactions as interactions
    left join campaigns on campaigns.campaign_id = interactions.campaign_id
    left join matching.people as people on people.profile_key = interactions.profile_key
    where interactions.fate = 'kept'
),

judged as (
    select
        known.*,
        case
            when profile_key is null or not is_campaign_known then 'orphan'
            when decided_by = 'anonymous' then 'anonymous'
            when decided_by = 'deleted' then 'deleted'
            when happened_at is null then 'excluded'
            when happened_at < since then 'excluded'
            when happened_at > latest and future = 'exclude' then 'excluded'
            when carried_how = 'none' then 'excluded'
            else 'carried'
        end as standing,
        case
            when profile_key is null then 'the person is not in the profile export'
            when not is_campaign_known then 'its campaign is not in the campaign export'
            when decided_by = 'anonymous' then 'sent to an anonymous profile'
            when decided_by = 'deleted' then 'the person was deleted by decision'
            when happened_at is null then 'the message has no readable time'
            when happened_at < since then 'older than activity.since'
            when happened_at > latest and future = 'exclude' then 'its time lies in the future'
            when carried_how = 'none' then 'campaign messages are left behind by agreement'
        end as reason,
    from known
    cross join switches
)

select * from judged
