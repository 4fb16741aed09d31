-- Every sign of a yes or a no that still stands, per person and channel, with where it comes from.
-- one row per signal_key
with

-- The flags on the profile are current values.
flags as (
    unpivot (
        select
            profile_key,
            updated_at,
            case email_subscription when true then 'yes' when false then 'no' end as email,
            case sms_subscription when true then 'yes' when false then 'no' end as sms,
            case whatsapp_subscription when true then 'yes' when false then 'no' end as whatsapp,
        from staging.profiles
    )
    on email, sms, whatsapp
    into name channel value answer
),

records as (
    select
        consents.record_key,
        consents.profile_key,
        channels.channel,
        consents.preference_name,
        coalesce(consents.address, '') as address,
        words.is_subscribed = 'true' as is_subscribed,
        case
            when consents.preference_name is not null then 'preference ' || consents.preference_name
            when consents.source is not null then consents.source
            when consents.is_external then 'file or API import'
            else 'subscription log'
        end as source,
        consents.updated_at,
    from staging.consents as consents
    left join settings.consent_channels as channels on channels.text = consents.channel_raw
    left join settings.consent_words as words on words.text = consents.status_raw
    where consents.fate = 'kept'
      and words.is_subscribed is not null
      and (channels.channel is not null or consents.channel_raw is null)
),

-- A preference without a channel speaks for every channel.
spread as (
    select records.* replace (coalesce(records.channel, every.channel) as channel),
    from records
    left join (values ('email'), ('sms'), ('whatsapp')) as every (channel)
        on records.channel is null
),

-- Of a history only the last word counts; of two words at one moment, the no.
last_words as (
    select *
    from spread
    qualify row_number() over (
        partition by profile_key, channel, coalesce(preference_name, ''), address
        order by updated_at desc nulls last, is_subscribed, record_key
    ) = 1
),

-- A standing no counts for everybody who is reached at that address, also when its record names nobody.
addressed as (
    select last_words.* replace (profiles.profile_key as profile_key)
    from last_words
    inner join staging.profiles as profiles on profiles.email = lower(last_words.address)
    where last_words.channel = 'email'
      and not last_words.is_subscribed
      and last_words.profile_key is distinct from profiles.profile_key
    union all
    select last_words.* replace (profiles.profile_key as profile_key)
    from last_words
    inner join staging.profiles as profiles
        on profiles.mobile_number = '+' || regexp_replace(last_words.address, '\D', '', 'g')
    where last_words.channel in ('sms', 'whatsapp')
      and last_words.address <> ''
      and not last_words.is_subscribed
      and last_words.profile_key is distinct from profiles.profile_key
),

together as (
    select
        'profile:' || profile_key || ':' || channel as signal_key,
        profile_key,
        channel,
        answer = 'yes' as is_subscribed,
        'profile flag' as source,
        updated_at,
    from flags
    union all
    select
        'consent:' || record_key || ':' || channel as signal_key,
        profile_key,
        channel,
        is_subscribed,
        source,
        updated_at,
    from last_words
    where profile_key is not null
    union all
    select
        'address:' || record_key || ':' || channel || ':' || profile_key as signal_key,
        profile_key,
        channel,
        is_subscribed,
        source || ' for the same address' as source,
        updated_at,
    from addressed
),

of_people as (
    select people.person_key, together.*
    from together
    inner join matching.people as people on people.profile_key = together.profile_key
    where together.channel <> 'push'
      and people.decided_by <> 'deleted'
)

select * from of_people
