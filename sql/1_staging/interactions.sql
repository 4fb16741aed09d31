-- Every message sent to somebody, with what became of it: delivered, opened, clicked, failed.
-- one row per record_key
-- parts: by message_id
with

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
        instant(create_time, orders.month_first['create_time']) as sent_at,
        instant(open_time, orders.month_first['open_time']) as opened_at,
        instant(click_time, orders.month_first['click_time']) as clicked_at,
        _landed_at as landed_at,
    from landed.campaign_interactions
    left join staging.time_orders as orders on orders.entity = 'campaign_interactions'
),

keyed as (
    select
        *,
        coalesce(message_id, md5(concat_ws('|', campaign_id, action_id, profile_id, user_id, device_id, channel, sent_at::varchar))) as interaction_key,
    from typed
),

owned as (
    select keyed.*, named.profile_key
    from keyed
    left join staging.named_profiles as named
        on named.profile_id = coalesce(keyed.profile_id, '')
        and named.user_id = coalesce(keyed.user_id, '')
        and named.device_id = coalesce(keyed.device_id, '')
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
