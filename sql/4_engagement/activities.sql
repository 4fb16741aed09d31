-- What people did and got, as the activities that will be sent: one each, or one summary, as settings say.
-- one row per activity_key
-- view
with

devices as (
    select
        device_id,
        'Device: ' || device_id || coalesce(' (' || nullif(concat_ws(' ', platform, device_model, device_os), '') || ')', '') as device,
    from staging.devices
    where fate = 'kept' and device_id is not null
),

single_events as (
    select
        choices.activity_key,
        choices.person_key,
        'event' as kind,
        'Event: ' || choices.event_name as title,
        concat_ws(
            chr(10),
            'Event: ' || choices.event_name,
            'Time: ' || strftime(utc(choices.happened_at), '%Y-%m-%d %H:%M:%S') || ' UTC',
            coalesce(devices.device, 'Device: ' || choices.device_id),
            'Value: ' || choices.value
        ) as description,
        choices.happened_at,
    from engagement.event_choices as choices
    left join devices on devices.device_id = choices.device_id
    where choices.activity_key is not null and not choices.is_rolled_up
),

event_counts as (
    select
        activity_key,
        person_key,
        event_name,
        count(*) as events,
        min(happened_at) as first_at,
        max(happened_at) as last_at,
    from engagement.event_choices
    where activity_key is not null and is_rolled_up
    group by all
),

event_summaries as (
    select
        activity_key,
        person_key,
        'event summary' as kind,
        sum(events)::bigint || case when sum(events) = 1 then ' event: ' else ' events: ' end
            || string_agg(event_name || ' ' || events, ', ' order by events desc, event_name) as title,
        string_agg(
            event_name || ': ' || events
                || ' (first ' || strftime(utc(first_at), '%Y-%m-%d %H:%M:%S') || ', last ' || strftime(utc(last_at), '%Y-%m-%d %H:%M:%S') || ' UTC)',
            chr(10) order by events desc, event_name
        ) as description,
        max(last_at) as happened_at,
    from event_counts
    group by activity_key, person_key
),

-- Not kept: most of it is asked for by one of the two below only, and nothing of it where activity is not sent as what asks.
campaign_texts as not materialized (
    select
        choices.activity_key,
        choices.is_rolled_up,
        campaigns.person_key,
        campaigns.campaign_title,
        campaigns.happened_at,
        campaigns.messages,
        concat_ws(
            chr(10),
            'Campaign: ' || campaigns.campaign_title || ' (' || campaigns.campaign_id || ')',
            'Channel: ' || campaigns.channels,
            'Sent: ' || strftime(utc(campaigns.sent_at), '%Y-%m-%d %H:%M:%S') || ' UTC',
            'Delivered: ' || case when campaigns.delivered > 0 then 'yes' else 'no' end,
            'Opened: ' || coalesce(strftime(utc(campaigns.opened_at), '%Y-%m-%d %H:%M:%S') || ' UTC', case when campaigns.opened > 0 then 'yes' else 'no' end),
            'Clicked: ' || coalesce(strftime(utc(campaigns.clicked_at), '%Y-%m-%d %H:%M:%S') || ' UTC', case when campaigns.clicked > 0 then 'yes' else 'no' end),
            case when campaigns.messages > 1 then 'Messages: ' || campaigns.messages end,
            'Failed: ' || campaigns.error_message
        ) as description,
    from engagement.campaign_choices as choices
    inner join engagement.contact_campaigns as campaigns
        on campaigns.person_key = choices.person_key
        and campaigns.campaign_id = choices.campaign_id
    where choices.activity_key is not null
),

single_campaigns as (
    select activity_key, person_key, 'campaign' as kind, 'Campaign: ' || campaign_title as title, description, happened_at,
    from campaign_texts
    where not is_rolled_up
),

campaign_summaries as (
    select
        activity_key,
        person_key,
        'campaign summary' as kind,
        count(*) || case when count(*) = 1 then ' campaign: ' else ' campaigns: ' end || string_agg(campaign_title, ', ' order by happened_at, campaign_title) as title,
        string_agg(description, chr(10) || chr(10) order by happened_at, campaign_title) as description,
        max(happened_at) as happened_at,
    from campaign_texts
    where is_rolled_up
    group by activity_key, person_key
),

together as (
    select * from single_events
    union all
    select * from event_summaries
    union all
    select * from single_campaigns
    union all
    select * from campaign_summaries
),

limits as (
    select
        max(try_cast(max_length as bigint)) filter (where field = 'title') as title_length,
        max(try_cast(max_length as bigint)) filter (where field = 'description') as description_length,
    from settings.field_limits
    where entity = 'tasks'
),

-- What is cut keeps its whole text beside it, for checks.text_cut. Bytes are told at a glance; only of the few texts that
-- have more of them than characters may be sent are the characters counted.
measured as (
    select
        together.*,
        limits.*,
        strlen(title) > title_length and length(title) > title_length as is_title_long,
        strlen(description) > description_length and length(description) > description_length as is_description_long,
    from together
    cross join limits
),

fitted as (
    select
        activity_key,
        person_key,
        kind,
        if(is_title_long, left(title, title_length), title) as title,
        if(is_description_long, left(description, description_length), description) as description,
        happened_at,
        if(is_title_long or is_description_long, concat_ws(chr(10), title, description), null) as whole_text,
    from measured
)

select * from fitted
