-- Opt-outs of whom nothing is sent, because they are not in the export or were left out: an earlier load may have made contacts of them.
-- one row per stream_key
with

-- What is not understood never keeps a yes.
unsent as (
    select streams.stream_key, streams.profile_key, streams.channel, streams.record_key
    from mapping.consent_streams as streams
    left join matching.people as people on people.profile_key = streams.profile_key
    left join mapping.left_behind as left_behind on left_behind.person_key = people.person_key
    where streams.answer in ('no', 'unknown')
      and (people.person_key is null or people.decided_by in ('anonymous', 'deleted') or left_behind.person_key is not null)
),

named as (
    select
        unsent.stream_key,
        unsent.channel,
        coalesce(tidy_id(consents.user_id), profiles.user_id) as user_id,
        coalesce(tidy_id(consents.profile_id), profiles.profile_id) as profile_id,
        lower(coalesce(emails.email, profiles.email)) as email,
        coalesce(phones.mobile_number, profiles.mobile_number) as mobile_number,
    from unsent
    left join staging.consents as consents on consents.record_key = unsent.record_key
    left join staging.profiles as profiles on profiles.profile_key = unsent.profile_key
    left join staging.emails as emails on emails.email_raw = consents.address
    left join staging.phones as phones
        on phones.phone_raw = consents.address
        and phones.region = (select phone_default_region from staging.typed_options)
)

select *
from named
where coalesce(user_id, profile_id, email, mobile_number) is not null
