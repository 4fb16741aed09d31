-- What each person allows per channel: the most restrictive sign wins, and no sign means unknown, which is never sendable.
-- one row per person_key, channel
with

asked as (
    select golden.person_key, channels.channel
    from matching.golden as golden
    cross join (values ('email'), ('sms'), ('whatsapp')) as channels (channel)
    where not golden.is_anonymous
),

weighed as (
    select
        person_key,
        channel,
        bool_and(is_subscribed) as is_subscribed,
        bool_or(is_subscribed) and not bool_and(is_subscribed) as is_conflicting,
        count(*) as signals,
        min_by(source, (is_subscribed, -epoch(coalesce(updated_at, '1970-01-01'::timestamptz)), signal_key)) as source,
        min_by(updated_at, (is_subscribed, -epoch(coalesce(updated_at, '1970-01-01'::timestamptz)), signal_key)) as updated_at,
        array_to_string(
            list_sort(list(
                case when is_subscribed then 'yes' else 'no' end || ' by ' || source
                    || coalesce(' on ' || strftime(source_day(updated_at), '%Y-%m-%d'), '')
            )),
            '; '
        ) as evidence,
    from mapping.consent_signals
    group by person_key, channel
),

answered as (
    select
        asked.person_key,
        asked.channel,
        case
            when weighed.is_subscribed then 'opted in'
            when not weighed.is_subscribed then 'opted out'
            else 'unknown'
        end as state,
        coalesce(weighed.is_conflicting, false) as is_conflicting,
        coalesce(weighed.signals, 0) as signals,
        weighed.source,
        weighed.updated_at,
        coalesce(weighed.evidence, 'nothing is known') as evidence,
    from asked
    left join weighed
        on weighed.person_key = asked.person_key
        and weighed.channel = asked.channel
)

select * from answered
