-- What is known about each person, in the words of Freshsales, before policies and corrections.
-- one row per contact_key
-- parts: by person_key
with

-- Codes of the account's subscription states; unknown until an administrator has shown them to ferry.
codes as (
    select
        max(case when name = 'consent.email.subscribed' then try_cast(value as bigint) end) as email_in,
        max(case when name = 'consent.email.unsubscribed' then try_cast(value as bigint) end) as email_out,
        max(case when name = 'consent.email.not_subscribed' then try_cast(value as bigint) end) as email_unknown,
        max(case when name = 'consent.sms.subscribed' then try_cast(value as bigint) end) as sms_in,
        max(case when name = 'consent.sms.unsubscribed' then try_cast(value as bigint) end) as sms_out,
        max(case when name = 'consent.sms.not_subscribed' then try_cast(value as bigint) end) as sms_unknown,
        max(case when name = 'consent.whatsapp.subscribed' then try_cast(value as bigint) end) as whatsapp_in,
        max(case when name = 'consent.whatsapp.unsubscribed' then try_cast(value as bigint) end) as whatsapp_out,
        max(case when name = 'consent.whatsapp.not_subscribed' then try_cast(value as bigint) end) as whatsapp_unknown,
    from staging.options
),

channels as (
    select
        person_key,
        max(state) filter (channel = 'email') as email_state,
        max(state) filter (channel = 'sms') as sms_state,
        max(state) filter (channel = 'whatsapp') as whatsapp_state,
        max(type) filter (channel = 'email') as email_type,
        max(type) filter (channel = 'push') as push_type,
        max(type) filter (channel = 'sms') as sms_type,
        max(type) filter (channel = 'whatsapp') as whatsapp_type,
        max(source) filter (channel = 'email') as email_source,
        max(source) filter (channel = 'push') as push_source,
        max(source) filter (channel = 'sms') as sms_source,
        max(source) filter (channel = 'whatsapp') as whatsapp_source,
        max(updated_at) as updated_at,
    from mapping.consent
    group by person_key
),

consent as (
    select
        person_key,
        email_state,
        sms_state,
        whatsapp_state,
        left(nullif(concat_ws('; ', 'email: ' || email_type, 'push: ' || push_type, 'sms: ' || sms_type, 'whatsapp: ' || whatsapp_type), ''), 255) as consent_type,
        left(nullif(concat_ws('; ', 'email: ' || email_source, 'push: ' || push_source, 'sms: ' || sms_source, 'whatsapp: ' || whatsapp_source), ''), 255) as consent_source,
        source_day(updated_at) as consent_updated,
    from channels
),

tags as (
    select person_key, list_sort(list(tag)) as tags
    from mapping.person_tags
    group by person_key
),

-- Whoever left a segment and has no tag now has the empty list, which takes the tag away; nothing would leave it.
departed as (
    select distinct people.person_key
    from staging.segment_memberships as memberships
    inner join matching.people as people on people.profile_key = memberships.profile_key
    where memberships.is_superseded
),

merged as (
    select
        people.person_key,
        string_agg(coalesce(profiles.user_id, profiles.profile_id, people.profile_key), ', ' order by people.profile_key) as merged_ids,
    from matching.people as people
    inner join staging.profiles as profiles on profiles.profile_key = people.profile_key
    where people.profile_key <> people.person_key
      and people.decided_by <> 'deleted'
    group by people.person_key
),

-- A further number of any profile of the person.
numbers as (
    select people.person_key, min(profiles.work_number) as work_number
    from matching.people as people
    inner join staging.profiles as profiles on profiles.profile_key = people.profile_key
    inner join matching.golden as golden
        on golden.person_key = people.person_key
        and profiles.work_number is distinct from golden.mobile_number
    where people.decided_by <> 'deleted'
    group by people.person_key
),

gathered as (
    select
        golden.person_key as contact_key,
        coalesce(golden.user_id, golden.profile_id, golden.person_key) as external_id,

        golden.email,
        -- What the profile itself says stands; an attribute that goes into the same field fills it where it is empty.
        coalesce(golden.mobile_number, standard.mobile_number) as mobile_number,
        coalesce(standard.work_number, numbers.work_number) as work_number,
        coalesce(golden.first_name, standard.first_name) as first_name,
        coalesce(golden.last_name, standard.last_name) as last_name,
        countries.name as country,
        standard.contact_fields,

        lifecycle.lifecycle_stage,
        lifecycle.contact_status,
        coalesce(owners.owner_email, (select migration_user from staging.typed_options)) as owner_email,
        companies.account_key,

        coalesce(tags.tags, if(departed.person_key is not null, []::varchar[], null)) as tags,
        consent.email_state,
        consent.sms_state,
        consent.whatsapp_state,
        case consent.email_state when 'opted in' then codes.email_in when 'opted out' then codes.email_out else codes.email_unknown end as subscription_status,
        -- A no is said without a number, too: Freshsales may know one, or get one.
        case
            when consent.sms_state = 'opted out' then codes.sms_out
            when coalesce(golden.mobile_number, standard.mobile_number) is null then null
            when consent.sms_state = 'opted in' then codes.sms_in
            else codes.sms_unknown
        end as sms_subscription_status,
        case
            when consent.whatsapp_state = 'opted out' then codes.whatsapp_out
            when golden.whatsapp_number is null then null
            when consent.whatsapp_state = 'opted in' then codes.whatsapp_in
            else codes.whatsapp_unknown
        end as whatsapp_subscription_status,

        lifecycle.original as lifecycle_original,
        loyalty.points,
        loyalty.tier,
        loyalty.achievements,
        consent.consent_type,
        consent.consent_source,
        consent.consent_updated,
        merged.merged_ids,
        custom_fields.custom_field,
        golden.whatsapp_number,
        golden.created_at,
    from matching.golden as golden
    cross join codes
    left join mapping.standard_fields as standard on standard.person_key = golden.person_key
    left join mapping.custom_fields as custom_fields on custom_fields.person_key = golden.person_key
    left join mapping.lifecycle as lifecycle on lifecycle.person_key = golden.person_key
    left join mapping.owners as owners on owners.person_key = golden.person_key
    left join mapping.person_companies as companies on companies.person_key = golden.person_key
    left join mapping.loyalty as loyalty on loyalty.person_key = golden.person_key
    left join consent on consent.person_key = golden.person_key
    left join tags on tags.person_key = golden.person_key
    left join departed on departed.person_key = golden.person_key
    left join numbers on numbers.person_key = golden.person_key
    left join merged on merged.person_key = golden.person_key
    left join (select distinct iso2, name from settings.countries) as countries on countries.iso2 = golden.country
    anti join mapping.left_behind as left_behind on left_behind.person_key = golden.person_key
    where not golden.is_anonymous
)

select * from gathered
