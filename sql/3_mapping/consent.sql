-- What each person allows per channel: the most restrictive answer wins, and no answer means unknown, which is never sendable.
-- one row per person_key, channel
-- parts: by person_key
with

asked as (
    select golden.person_key, channels.channel
    from matching.golden as golden
    cross join (values ('email'), ('sms'), ('whatsapp'), ('push')) as channels (channel)
    where not golden.is_anonymous
),

ranked as (
    select
        *,
        case answer when 'no' then 0 when 'unknown' then 1 else 2 end as leniency,
    from mapping.consent_signals
),

weighed as (
    select
        person_key,
        channel,
        min(leniency) as leniency,
        min(leniency) <> max(leniency) as is_conflicting,
        count(*) as signals,
        -- a type or a source that is said wins over one that is not
        min_by(source, (leniency, type is null, -epoch(coalesce(updated_at, '1970-01-01'::timestamptz)), signal_key)) as source,
        min_by(type, (leniency, type is null, -epoch(coalesce(updated_at, '1970-01-01'::timestamptz)), signal_key)) as type,
        min_by(updated_at, (leniency, type is null, -epoch(coalesce(updated_at, '1970-01-01'::timestamptz)), signal_key)) as updated_at,
        list_sort(list(
            case leniency when 0 then 'no' when 1 then 'not understood' else 'yes' end || ' by ' || source
                || coalesce(' on ' || strftime(source_day(updated_at), '%Y-%m-%d'), '')
        )) as words,
    from ranked
    group by person_key, channel
),

answered as (
    select
        asked.person_key,
        asked.channel,
        case weighed.leniency
            when 0 then 'opted out'
            when 2 then 'opted in'
            else 'unknown'
        end as state,
        coalesce(weighed.is_conflicting, false) as is_conflicting,
        coalesce(weighed.signals, 0) as signals,
        weighed.source,
        weighed.type,
        weighed.updated_at,
        -- the first and last few of many: a no stands before a yes
        coalesce(
            if(
                len(weighed.words) <= 8,
                array_to_string(weighed.words, '; '),
                array_to_string(weighed.words[:4], '; ') || '; … and ' || (len(weighed.words) - 8) || ' more; … ' || array_to_string(weighed.words[-4:], '; ')
            ),
            'nothing is known'
        ) as evidence,
    from asked
    left join weighed
        on weighed.person_key = asked.person_key
        and weighed.channel = asked.channel
    -- Freshsales has no push of its own: only what was said is kept
    where asked.channel <> 'push' or weighed.person_key is not null
)

select * from answered
