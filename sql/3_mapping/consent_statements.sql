-- Everything anybody or any table ever said about consent, one line per channel, and the stream it belongs to.
-- one row per statement_key
with

switches as (
    select (select try_cast(value as timestamptz) from settings.run where name = 'run_at') + interval 1 day as latest
),

-- Repeats too: an older delivery may hold the no.
records as (
    select
        consents.*,
        words.is_subscribed as word,
        case
            when consents.channel_raw is null then ['all']
            when channels.channels is null then ['?']
            else channels.channels
        end as spoken_channels,
        lower(coalesce(emails.email, phones.mobile_number, consents.address, '')) as clean_address,
        named.by_user_id,
    from staging.consents as consents
    left join staging.consent_words as words on words.text = plain_word(consents.status_raw)
    left join staging.consent_channels as channels on channels.text = plain_word(consents.channel_raw)
    left join staging.emails as emails on emails.email_raw = consents.address
    left join staging.phones as phones
        on phones.phone_raw = consents.address
        and phones.region = (select phone_default_region from staging.typed_options)
    left join staging.named_profiles as named
        on named.profile_id = coalesce(consents.profile_id, '')
        and named.user_id = coalesce(consents.user_id, '')
        and named.device_id = coalesce(consents.device_id, '')
),

-- Ids that name two profiles speak of both.
owned as (
    select
        records.*,
        unnest(coalesce(
            nullif(list_distinct(list_filter([records.profile_key, records.by_user_id], lambda key: key is not null)), []),
            [null]
        )) as owner_key,
    from records
),

spoken as (
    select
        owned.* exclude (spoken_channels),
        unnest(list_distinct(flatten(list_transform(spoken_channels, lambda c: if(c = 'all', ['email', 'sms', 'whatsapp', 'push'], [c]))))) as channel,
    from owned
),

from_records as (
    select
        'consent:' || record_key || ':' || coalesce(owner_key, '') || ':' || channel as statement_key,
        concat_ws('|', 'consent', coalesce(owner_key, 'nobody|' || concat_ws('|', profile_id, user_id, device_id)), if(channel = '?', channel_raw, channel),
            lower(coalesce(preference_name, '')), clean_address) as stream_key,
        owner_key as profile_key,
        record_key,
        address,
        channel,
        case word when 'true' then 'yes' when 'false' then 'no' else 'unknown' end as answer,
        word is null as is_strange,
        coalesce(
            source,
            'preference ' || preference_name,
            if(is_external, 'file or API import', null),
            'subscription log'
        ) as source,
        preference_type as type,
        updated_at,
        updated_until,
    from spoken
    where channel <> 'none'
),

-- A record that says yes in one column and unsubscribed_at or revoked in another says no; its own yes may still be newer.
from_extras as (
    select distinct
        'consent:' || extras.answer_key || ':' || coalesce(spoken.owner_key, '') || ':' || if(extras.is_general, spoken.channel, extras.channel) as statement_key,
        concat_ws('|', 'consent', coalesce(spoken.owner_key, 'nobody|' || concat_ws('|', spoken.profile_id, spoken.user_id, spoken.device_id)),
            case when not extras.is_general then extras.channel when spoken.channel = '?' then spoken.channel_raw else spoken.channel end,
            lower(coalesce(spoken.preference_name, '')), spoken.clean_address) as stream_key,
        spoken.owner_key as profile_key,
        spoken.record_key,
        spoken.address,
        if(extras.is_general, spoken.channel, extras.channel) as channel,
        extras.answer,
        extras.is_strange,
        'consent column ' || extras.name as source,
        spoken.preference_type as type,
        extras.updated_at,
        extras.updated_until,
    from staging.consent_answers as extras
    inner join spoken on spoken.record_key = extras.record_key
    where extras.entity = 'consents'
      and extras.answer in ('no', 'unknown')
      -- a name without a channel speaks of that of its record
      and if(extras.is_general, extras.channel = 'email' and spoken.channel <> 'none', true)
),

from_profiles as (
    select
        'profile:' || answer_key as statement_key,
        concat_ws('|', 'profile', profile_key, channel, name) as stream_key,
        profile_key,
        null as record_key,
        null as address,
        channel,
        answer,
        is_strange,
        case when says = 'flag' then 'profile flag' else 'profile column ' || name end as source,
        null as type,
        updated_at,
        updated_until,
    from staging.consent_answers
    where entity = 'user_profiles'
),

-- Push is allowed by each device: who has turned it off on all of them said no, whatever the profile says.
from_devices as (
    select
        'devices:' || profile_key as statement_key,
        'devices|' || profile_key as stream_key,
        profile_key,
        null as record_key,
        null as address,
        'push' as channel,
        'no' as answer,
        false as is_strange,
        'every device' as source,
        null as type,
        max(updated_at) as updated_at,
        max(updated_at) as updated_until,
    from staging.devices
    where fate = 'kept' and profile_key is not null
    group by profile_key
    having bool_and(coalesce(not is_subscribed, false))
),

-- What reads like a refusal elsewhere is not understood, and never a yes.
from_remarks as (
    select
        'remark:' || remark_key as statement_key,
        concat_ws('|', 'remark', profile_key, channel, kind, place) as stream_key,
        profile_key,
        null as record_key,
        null as address,
        channel,
        if(is_taken_back, 'agreed', 'unknown') as answer,
        false as is_strange,
        kind || if(kind in ('event', 'note'), '', ' ' || place) as source,
        null as type,
        updated_at,
        updated_at as updated_until,
    from staging.refusal_remarks
),

-- A yes of tomorrow is not dated; a no is a no whenever it was, and a no of a day counts until that day ends.
together as (
    select said.* exclude (updated_until) replace (
        case
            when said.answer not in ('yes', 'agreed') then said.updated_until
            when said.updated_at <= switches.latest then said.updated_at
        end as updated_at
    )
    from (
        select * from from_records
        union all
        select * from from_extras
        union all
        select * from from_profiles
        union all
        select * from from_devices
        union all
        select * from from_remarks
    ) as said
    cross join switches
)

select * from together
