-- How engaged each person is, from 0 to 100: sessions a month, share of messages opened, loyalty tier.
-- one row per person_key
with

switches as (
    select
        (select engagement_window_days from staging.typed_options) as window_days,
        string_split((select engagement_session_events from staging.typed_options), ';') as session_events,
        (select try_cast(value as timestamptz) from settings.run where name = 'run_at') as run_at,
),

-- Looking back starts at the newest thing that happened, so that an old export scores like a fresh one.
newest as (
    select greatest(
        (select max(happened_at) from engagement.event_facts where standing = 'carried'),
        (select max(happened_at) from engagement.interaction_facts where standing = 'carried')
    ) as newest_at
),

sessions as (
    select facts.person_key, count(*) as sessions
    from engagement.event_facts as facts
    cross join switches
    cross join newest
    where facts.standing = 'carried'
      and list_contains(switches.session_events, facts.event_name)
      and facts.happened_at > newest.newest_at - to_days(switches.window_days::integer)
    group by facts.person_key
),

messages as (
    select
        facts.person_key,
        count(*) filter (where facts.is_delivered) as delivered,
        count(*) filter (where facts.is_delivered and facts.is_opened) as opened,
    from engagement.interaction_facts as facts
    cross join switches
    cross join newest
    where facts.standing = 'carried'
      and facts.happened_at > newest.newest_at - to_days(switches.window_days::integer)
    group by facts.person_key
),

weights as (
    select
        max(try_cast(weight as double)) filter (where measure = 'sessions_per_month') as sessions_weight,
        max(try_cast(full_at as double)) filter (where measure = 'sessions_per_month') as sessions_full,
        max(try_cast(weight as double)) filter (where measure = 'open_rate') as open_weight,
        max(try_cast(full_at as double)) filter (where measure = 'open_rate') as open_full,
        max(try_cast(weight as double)) filter (where measure = 'loyalty_tier') as tier_weight,
        max(try_cast(full_at as double)) filter (where measure = 'loyalty_tier') as tier_full,
    from settings.engagement_weights
),

measured as (
    select
        golden.person_key,
        loyalty.tier,
        round(coalesce(sessions.sessions, 0) / (switches.window_days / 30.0), 4) as sessions_per_month,
        case when messages.delivered > 0 then round(messages.opened / messages.delivered, 4) else 0 end as open_rate,
        coalesce(tiers.score, 0) as tier_score,
        tiers.amount as tier_amount,
        tiers.tier is not null as is_tier_known,
    from matching.golden as golden
    cross join switches
    left join sessions on sessions.person_key = golden.person_key
    left join messages on messages.person_key = golden.person_key
    left join mapping.loyalty as loyalty on loyalty.person_key = golden.person_key
    left join mapping.tiers as tiers on tiers.tier_key = lower(trim(loyalty.tier))
    where not golden.is_anonymous
),

scored as (
    select
        measured.*,
        round(
            100 * (
                sessions_weight * least(sessions_per_month / sessions_full, 1)
                + open_weight * least(open_rate / open_full, 1)
                + tier_weight * least(tier_score / tier_full, 1)
            ) / (sessions_weight + open_weight + tier_weight),
            1
        ) as score,
    from measured
    cross join weights
)

select * from scored
