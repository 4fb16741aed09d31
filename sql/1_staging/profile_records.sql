-- Every landed profile row with the key of its profile; the newest row of a key is kept, the others are repeats.
-- one row per record_key
with

trimmed as (
    select
        _file || ':' || _record as record_key,
        nullif(trim(profile_id), '') as profile_id,
        nullif(trim(user_id), '') as user_id,
        nullif(trim(email), '') as email_raw,
        nullif(trim(mobile_number), '') as mobile_raw,
        nullif(trim(whatsapp_number), '') as whatsapp_raw,
        nullif(trim(first_name), '') as first_name_raw,
        nullif(trim(last_name), '') as last_name_raw,
        nullif(trim(coalesce(full_names[1], full_names[2], full_names[3])), '') as full_name_raw,
        nullif(trim(company), '') as company_raw,
        nullif(trim(lifecycle_stage), '') as lifecycle_raw,
        nullif(trim(language), '') as language_raw,
        nullif(trim(timezone), '') as timezone_raw,
        nullif(trim(country), '') as country_raw,
        _extra as attributes_raw,
        nullif(trim(email_subscription), '') as email_flag,
        nullif(trim(sms_subscription), '') as sms_flag,
        nullif(trim(whatsapp_subscription), '') as whatsapp_flag,
        nullif(trim(push_subscription), '') as push_flag,
        nullif(trim(create_time), '') as created_text,
        nullif(trim(update_time), '') as updated_text,
        nullif(trim(last_seen_time), '') as seen_text,
        _landed_at as landed_at,
        _file as source_file,
        _record as source_record,
    from (select *, json_extract_string(_extra, ['full_name', 'Full Name', 'name']) as full_names from landed.user_profiles)
),

keyed as (
    select
        trimmed.* replace (coalesce(trimmed.profile_id, user_links.profile_id) as profile_id),
        coalesce(
            trimmed.profile_id,
            user_links.profile_id,
            'u:' || trimmed.user_id,
            'e:' || lower(trimmed.email_raw),
            'm:' || trimmed.mobile_raw,
            'r:' || trimmed.record_key
        ) as profile_key,
    from trimmed
    left join staging.user_links on user_links.user_id = trimmed.user_id
),

flagged as (
    select
        keyed.*,
        try_cast(email_flag as boolean) as email_subscription,
        try_cast(sms_flag as boolean) as sms_subscription,
        try_cast(whatsapp_flag as boolean) as whatsapp_subscription,
        try_cast(push_flag as boolean) as push_subscription,
    from keyed
),

-- Times arrive in any spelling (macros.sql); without an offset they are the source's own.
timed as (
    select
        flagged.*,
        instant(created_text, orders.month_first['create_time']) as created_at,
        instant(updated_text, orders.month_first['update_time']) as updated_at,
        instant(seen_text, orders.month_first['last_seen_time']) as last_seen_at,
    from flagged
    left join staging.time_orders as orders on orders.entity = 'user_profiles'
),

located as (
    select
        timed.*,
        countries.iso2 as country,
        countries.name as country_name,
        coalesce(
            countries.iso2,
            timezones.iso2,
            nullif(languages.iso2, ''),
            (select value from staging.options where name = 'phone.default_region'),
            'ZZ'
        ) as region,
    from timed
    left join settings.countries on countries.text = lower(timed.country_raw)
    left join settings.timezones on timezones.timezone = timed.timezone_raw
    left join settings.languages on languages.language = lower(left(timed.language_raw, 2))
),

ranked as (
    select
        *,
        row_number() over (
            partition by profile_key
            order by updated_at desc nulls last, landed_at desc, source_file desc, try_cast(source_record as bigint) desc
        ) as newest,
    from located
),

judged as (
    select
        * exclude (created_text, updated_text, seen_text, email_flag, sms_flag, whatsapp_flag, push_flag, newest),
        concat_ws(
            '; ',
            case when email_subscription is null then 'email_subscription: ' || email_flag end,
            case when sms_subscription is null then 'sms_subscription: ' || sms_flag end,
            case when whatsapp_subscription is null then 'whatsapp_subscription: ' || whatsapp_flag end,
            case when push_subscription is null then 'push_subscription: ' || push_flag end,
            case when created_at is null then 'create_time: ' || created_text end,
            case when updated_at is null then 'update_time: ' || updated_text end,
            case when last_seen_at is null then 'last_seen_time: ' || seen_text end
        ) as unreadable,
        case when newest = 1 then 'kept' else 'repeated' end as fate,
    from ranked
)

select * from judged
