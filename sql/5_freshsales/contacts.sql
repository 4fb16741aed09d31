-- Everyone we will send, one line per person, exactly as Freshsales will have them.
-- one row per contact_key
with

switches as (
    select
        (select value from staging.options where name = 'tags.as') as tags_as,
        (select value from staging.options where name = 'accounts') = 'true' as has_accounts,
),

contacts as (
    select
        contact_key,
        external_id,
        owner_email,
        case when has_accounts then account_key end as account_key,

        email,
        mobile_number,
        work_number,
        first_name,
        last_name,
        job_title,
        address,
        city,
        state,
        zipcode,
        country,
        facebook,
        twitter,
        linkedin,
        medium,
        keyword,
        lifecycle_stage,
        contact_status,
        case when tags_as = 'tags' then tags end as tags,

        subscription_status,
        sms_subscription_status,
        whatsapp_subscription_status,

        external_id as cf_xtremepush_id,
        merged_ids as cf_xtremepush_merged_ids,
        lifecycle_original as cf_xtremepush_lifecycle,
        points as cf_points_balance,
        tier as cf_loyalty_tier,
        achievements as cf_achievement_count,
        consent_type as cf_consent_type,
        consent_source as cf_consent_source,
        case when tags_as = 'multi_select' then tags end as cf_xtremepush_tags,
        email_state <> 'opted in' as cf_email_opt_out,
        sms_state <> 'opted in' as cf_sms_opt_out,
        consent_updated as cf_consent_updated,
        custom_field,
    from mapping.contact_policies
    cross join switches
)

select * from contacts
