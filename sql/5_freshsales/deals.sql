-- A deal for every contact engaged enough, worth what their loyalty tier is worth; only if the scope says so.
-- one row per deal_key
with

switches as (
    select
        (select deals from staging.typed_options) as has_deals,
        (select deals_minimum_score from staging.typed_options) as minimum_score,
        (select deals_close_in_days::integer from staging.typed_options) as close_in_days,
        string_split(lower((select deals_tiers from staging.typed_options)), ';') as tiers,
        (select try_cast(value as timestamptz) from settings.run where name = 'run_at') as run_at,
),

-- The day a deal should close counts from the newest thing the data tells, not from the day of the run:
-- the same data means the same deal on any later day.
newest as (
    select
        greatest(
            (select max(happened_at) from engagement.event_facts where standing = 'carried'),
            (select max(happened_at) from engagement.interaction_facts where standing = 'carried'),
            (select max(greatest(created_at, updated_at, last_seen_at)) from staging.profiles)
        ) as newest_at
),

qualified as (
    select
        'deal:' || scores.person_key as deal_key,
        contacts.contact_key,
        contacts.account_key,
        contacts.owner_email,
        (select deals_pipeline from staging.typed_options) as deal_pipeline,
        (select deals_stage from staging.typed_options) as deal_stage,
        (select deals_currency from staging.typed_options) as currency,
        left(
            coalesce(nullif(concat_ws(' ', contacts.first_name, contacts.last_name), ''), contacts.email, contacts.external_id) || ' - ' || upper(scores.tier[1]) || lower(scores.tier[2:]),
            255
        ) as name,
        scores.tier_amount as amount,
        rules.rules_met as tags,
        (coalesce(newest.newest_at, switches.run_at) + to_days(switches.close_in_days))::date as expected_close,
    from engagement.scores as scores
    cross join switches
    cross join newest
    inner join engagement.deal_rules as rules on rules.person_key = scores.person_key
    inner join freshsales.contacts as contacts on contacts.contact_key = scores.person_key
    where switches.has_deals
      and scores.is_tier_known
      and scores.score >= switches.minimum_score
      and rules.is_met
      and (switches.tiers is null or list_contains(switches.tiers, lower(trim(scores.tier))))
)

select * from qualified
