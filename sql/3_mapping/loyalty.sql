-- The loyalty state of each person: points, tier and achievements over all of their accounts.
-- one row per person_key
with

accounts as (
    select
        people.person_key,
        loyalty.user_id,
        coalesce(loyalty.token_balance, loyalty.available_tokens) as points,
        loyalty.tier,
        coalesce(tiers.score, -1) as tier_rank,
        coalesce(loyalty.level_number, -1) as level_number,
        loyalty.achievement_ids,
        coalesce(loyalty.updated_at, '-infinity'::timestamptz) as updated_at,
    from staging.loyalty as loyalty
    inner join matching.people as people on people.profile_key = loyalty.profile_key
    left join mapping.tiers as tiers on tiers.tier_key = lower(trim(loyalty.tier))
    where loyalty.fate = 'kept'
      and people.decided_by not in ('deleted', 'anonymous')
),

balances as (
    select
        person_key,
        case (select loyalty_merged_points from staging.typed_options)
            when 'highest' then max(points)
            when 'newest' then max_by(points, (updated_at, user_id))
            else sum(points)
        end as points,
        -- the best of the known tiers; among tiers nobody ranked, the highest level and then the newest
        max_by(tier, (tier_rank, level_number, updated_at, user_id)) filter (where tier is not null) as tier,
        count(*) as loyalty_accounts,
    from accounts
    group by person_key
),

-- Achievements are listed as JSON or separated by commas or semicolons.
achievements as (
    select person_key, count(distinct trim(achievement)) as achievements
    from (
        select
            person_key,
            unnest(
                case
                    when achievement_ids like '[%' then try_cast(try_cast(achievement_ids as json) as varchar[])
                    else regexp_split_to_array(achievement_ids, '[,;|]')
                end
            ) as achievement,
        from accounts
    )
    where trim(achievement) <> ''
    group by person_key
),

-- Where the loyalty table says nothing, an attribute of the profile may.
completed as (
    select
        golden.person_key,
        coalesce(balances.points, try_cast(standard.points_balance as double)) as points,
        coalesce(balances.tier, standard.loyalty_tier) as tier,
        case
            when balances.person_key is not null then coalesce(achievements.achievements, 0)
            else try_cast(standard.achievement_count as bigint)
        end as achievements,
        coalesce(balances.loyalty_accounts, 0) as loyalty_accounts,
    from matching.golden as golden
    left join balances on balances.person_key = golden.person_key
    left join achievements on achievements.person_key = golden.person_key
    left join mapping.standard_fields as standard on standard.person_key = golden.person_key
    where not golden.is_anonymous
)

select * from completed
where points is not null or tier is not null or achievements is not null
