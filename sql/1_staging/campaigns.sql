-- Every campaign, typed.
-- one row per record_key
with

typed as (
    select
        _file || ':' || _record as record_key,
        given(campaign_id) as campaign_id,
        given(shown(title)) as title,
        given(trigger) as trigger_code,
        given(type) as type_code,
        try_cast(trim(active) as boolean) as is_active,
        given(status) as status_code,
        try_cast(trim(sms) as boolean) as has_sms,
        try_cast(trim(email) as boolean) as has_email,
        try_cast(trim(ios_push) as boolean) as has_ios_push,
        try_cast(trim(android_push) as boolean) as has_android_push,
        try_cast(trim(web_push) as boolean) as has_web_push,
        try_cast(trim(inbox) as boolean) as has_inbox,
        try_cast(trim(webhook) as boolean) as has_webhook,
        try_cast(trim(broadcast) as boolean) as is_broadcast,
        given(conditions) as conditions,
        given(locations) as locations,
        given(promotion_id) as promotion_id,
        given(messages) as messages,
        given(push_title) as push_title,
        given(push_text) as push_text,
        given(url) as url,
        instant(create_time, orders.month_first['create_time']) as created_at,
        instant(activate_time, orders.month_first['activate_time']) as activated_at,
        instant(deactivate_time, orders.month_first['deactivate_time']) as deactivated_at,
        _landed_at as landed_at,
    from landed.campaigns
    left join staging.time_orders as orders on orders.entity = 'campaigns'
),

judged as (
    select
        * exclude (landed_at),
        case
            when row_number() over (partition by coalesce(campaign_id, record_key) order by landed_at desc, record_key desc) = 1 then 'kept'
            else 'repeated'
        end as fate,
    from typed
)

select * from judged
