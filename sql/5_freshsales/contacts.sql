-- Everyone we will send, one line per person, exactly as Freshsales will have them.
-- one row per contact_key
with

switches as (
    select (select tags_as from staging.typed_options) as tags_as
),

contacts as (
    select
        policies.contact_key,
        policies.external_id,
        policies.owner_email,
        accounts.account_key,

        policies.email,
        policies.mobile_number,
        policies.work_number,
        policies.first_name,
        policies.last_name,
        policies.country,
        -- a column for every line of settings.standard_fields that is filled by the list
        unnest(contact_fields(fields_of(policies.contact_fields))),
        policies.lifecycle_stage,
        policies.contact_status,
        case when tags_as = 'tags' then policies.tags end as tags,

        policies.subscription_status,
        policies.sms_subscription_status,
        policies.whatsapp_subscription_status,

        policies.external_id as cf_xtremepush_id,
        policies.merged_ids as cf_xtremepush_merged_ids,
        policies.lifecycle_original as cf_xtremepush_lifecycle,
        policies.points as cf_points_balance,
        policies.tier as cf_loyalty_tier,
        policies.achievements as cf_achievement_count,
        policies.consent_type as cf_consent_type,
        policies.consent_source as cf_consent_source,
        case when tags_as = 'multi_select' then policies.tags end as cf_xtremepush_tags,
        policies.email_state <> 'opted in' as cf_email_opt_out,
        policies.sms_state <> 'opted in' as cf_sms_opt_out,
        policies.consent_updated as cf_consent_updated,
        policies.custom_field,
    from mapping.contact_policies as policies
    cross join switches
    -- A company that is left behind links nobody.
    left join freshsales.accounts as accounts on accounts.account_key = policies.account_key
)

select * from contacts
