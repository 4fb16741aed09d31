-- Everyone Xtremepush knows, one line per profile, texts cleaned and typed.
-- one row per profile_key
with

kept as (
    select * from staging.profile_records where fate = 'kept'
),

-- A stage or a company may sit in an attribute; settings say which.
lifecycle as (
    select profile_key, value
    from staging.attributes
    where name = (select value from staging.options where name = 'lifecycle.attribute')
),

companies as (
    select profile_key, value
    from staging.attributes
    where name = (select value from staging.options where name = 'accounts.attribute')
),

cleaned as (
    select
        kept.profile_key,
        kept.profile_id,
        kept.user_id,

        kept.email_raw,
        emails.email,
        kept.mobile_raw,
        mobiles.mobile_number,
        whatsapps.mobile_number as whatsapp_number,
        names.first_name,
        names.last_name,
        languages.language,
        kept.timezone_raw as timezone,
        kept.country,
        coalesce(kept.company_raw, companies.value) as company_name,
        coalesce(kept.lifecycle_raw, lifecycle.value) as lifecycle_stage,

        kept.email_subscription,
        kept.sms_subscription,
        kept.whatsapp_subscription,
        kept.push_subscription,
        kept.user_id is null
            and kept.email_raw is null
            and kept.mobile_raw is null
            and kept.whatsapp_raw is null as is_anonymous,

        kept.created_at,
        kept.updated_at,
        kept.last_seen_at,

        kept.source_file,
        kept.source_record,
    from kept
    left join staging.emails on emails.email_raw = kept.email_raw
    left join staging.phones as mobiles
        on mobiles.phone_raw = kept.mobile_raw and mobiles.region = kept.region
    left join staging.phones as whatsapps
        on whatsapps.phone_raw = kept.whatsapp_raw and whatsapps.region = kept.region
    left join staging.names
        on names.first_name_raw = coalesce(kept.first_name_raw, '')
        and names.last_name_raw = coalesce(kept.last_name_raw, '')
    left join settings.languages on languages.language = lower(left(kept.language_raw, 2))
    left join lifecycle on lifecycle.profile_key = kept.profile_key
    left join companies on companies.profile_key = kept.profile_key
)

select * from cleaned
