-- Every standing answer that counts for a person and channel, with where it comes from.
-- one row per signal_key
with

own as (
    select stream_key as signal_key, profile_key, channel, answer, source, type, updated_at
    from mapping.consent_streams
    where profile_key is not null and answer <> 'agreed'
),

-- A no, and whatever is not understood, counts for everybody who is reached at that address, also when its record names
-- nobody. Of an address that hundreds share the twenty newest words are enough: each would be said of each of them.
spoken as (
    select *
    from mapping.consent_streams
    where answer in ('no', 'unknown') and address is not null
    qualify row_number() over (
        partition by address, channel, answer
        order by type is null, updated_at desc nulls last, stream_key
    ) <= 20
),

addressed as (
    select
        streams.stream_key || '|at ' || addressed.profile_key as signal_key,
        addressed.profile_key,
        streams.channel,
        streams.answer,
        streams.source || ' for the same address' as source,
        streams.type,
        streams.updated_at,
    from spoken as streams
    inner join staging.addressed_profiles as addressed
        on addressed.address = streams.address
        and addressed.is_sure
    where streams.profile_key is distinct from addressed.profile_key
),

-- An opt-out that finds nobody makes everybody whom it may mean unknown.
suspected as (
    select
        streams.stream_key || '|perhaps ' || suspects.profile_key as signal_key,
        suspects.profile_key,
        streams.channel,
        'unknown' as answer,
        'an opt-out that may mean this person: ' || suspects.reason as source,
        streams.type,
        streams.updated_at,
    from mapping.consent_streams as streams
    inner join mapping.consent_suspects as suspects on suspects.stream_key = streams.stream_key
),

together as (
    select * from own
    union all
    select * from addressed
    union all
    select * from suspected
),

-- A channel nobody knows may be any: its no makes every channel unknown, its yes means nothing.
spread as (
    select
        together.* replace (
            together.signal_key || if(together.channel = '?', ':' || every.channel, '') as signal_key,
            every.channel as channel,
            if(together.channel = '?', 'unknown', together.answer) as answer
        ),
    from together
    inner join (values ('email'), ('sms'), ('whatsapp'), ('push')) as every (channel)
        on every.channel = together.channel or (together.channel = '?' and together.answer <> 'yes')
),

of_people as (
    select people.person_key, spread.*, case spread.answer when 'yes' then true when 'no' then false end as is_subscribed
    from spread
    inner join matching.people as people on people.profile_key = spread.profile_key
    where people.decided_by <> 'deleted'
)

select * from of_people
