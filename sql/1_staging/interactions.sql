-- Every message sent to somebody, with what became of it: delivered, opened, clicked, failed.
-- one row per record_key
-- parts: by message_id
with

-- Times in an unusual spelling are few or of a few days: each is read once.
unusual_times as (
    select field, times.written, instant(times.written, orders.month_first[field]) as moment
    from (
        select distinct 'create_time' as field, create_time as written from landed.campaign_interactions where not is_plain_time(create_time)
        union all
        select distinct 'open_time' as field, open_time as written from landed.campaign_interactions where not is_plain_time(open_time)
        union all
        select distinct 'click_time' as field, click_time as written from landed.campaign_interactions where not is_plain_time(click_time)
    ) as times
    left join staging.time_orders as orders on orders.entity = 'campaign_interactions'
),

typed as (
    select
        _file || ':' || _record as record_key,
        nullif(trim(message_id), '') as message_id,
        nullif(trim(campaign_id), '') as campaign_id,
        nullif(trim(action_id), '') as action_id,
        nullif(trim(profile_id), '') as profile_id,
        nullif(trim(user_id), '') as user_id,
        nullif(trim(device_id), '') as device_id,
        lower(nullif(trim(channel), '')) as channel,
        try_cast(trim(delivery) as boolean) as is_delivered,
        try_cast(trim(open) as boolean) as is_opened,
        try_cast(trim(click) as boolean) as is_clicked,
        try_cast(trim(error) as boolean) as is_failed,
        nullif(trim(error_message), '') as error_message,
        lower(nullif(trim(status), '')) as status_raw,
        coalesce(plain_instant(create_time), created.moment) as sent_at,
        coalesce(plain_instant(open_time), opened.moment) as opened_at,
        coalesce(plain_instant(click_time), clicked.moment) as clicked_at,
        _landed_at as landed_at,
    from landed.campaign_interactions
    left join unusual_times as created on created.field = 'create_time' and created.written = create_time
    left join unusual_times as opened on opened.field = 'open_time' and opened.written = open_time
    left join unusual_times as clicked on clicked.field = 'click_time' and clicked.written = click_time
),

keyed as (
    select
        *,
        coalesce(message_id, md5(concat_ws('|', campaign_id, action_id, profile_id, user_id, device_id, channel, sent_at::varchar))) as interaction_key,
    from typed
),

owned as (
    select keyed.*, coalesce(named.profile_key, by_device.profile_key) as profile_key
    from keyed
    left join staging.named_profiles as named
        on named.profile_id = coalesce(keyed.profile_id, '')
        and named.user_id = coalesce(keyed.user_id, '')
        and named.device_id = ''
    left join staging.named_profiles as by_device
        on by_device.profile_id = ''
        and by_device.user_id = ''
        and by_device.device_id = keyed.device_id
),

judged as (
    select
        * exclude (landed_at),
        case
            when row_number() over (partition by coalesce(interaction_key, record_key) order by landed_at desc, clicked_at desc nulls last, opened_at desc nulls last, record_key desc) = 1 then 'kept'
            else 'repeated'
        end as fate,
    from owned
)

select * from judged
