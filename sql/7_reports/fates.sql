-- Every landed profile, company, segment and campaign, with exactly one fate.
-- one row per entity, key
with

profiles as (
    select
        'user_profiles' as entity,
        records.record_key as key,
        case
            when records.fate in ('repeated', 'merged') then records.fate
            when people.decided_by in ('anonymous', 'deleted') then people.decided_by
            when people.profile_key <> people.person_key then 'merged'
            else coalesce(targets.fate, 'excluded')
        end as fate,
        case
            when records.fate in ('repeated', 'merged') then records.fate_reason
            when people.decided_by = 'anonymous' then 'neither user id nor e-mail nor phone'
            when people.decided_by = 'deleted' then 'deleted by decision'
            when people.profile_key <> people.person_key then coalesce(people.evidence, 'the same person')
            when targets.fate is null and records.gone_as is not null then 'the source calls it ' || records.gone_as || ', and such profiles are left out by agreement'
            else targets.reason
        end as reason,
        case
            when records.fate in ('repeated', 'merged') then records.profile_key
            when people.decided_by not in ('anonymous', 'deleted') then people.person_key
        end as target_key,
    from staging.profile_records as records
    left join matching.people as people on people.profile_key = records.profile_key
    left join reports.targets as targets
        on targets.entity = 'contacts' and targets.key = people.person_key
),

companies as (
    select
        'companies' as entity,
        companies.record_key as key,
        case
            when companies.fate = 'repeated' then 'repeated'
            when companies.name is null then 'excluded'
            when accounts.account_key <> companies.company_key then 'merged'
            else coalesce(targets.fate, 'excluded')
        end as fate,
        case
            when companies.fate = 'repeated' then 'the same company again'
            when companies.name is null then 'a company without a name cannot become an account'
            when accounts.account_key <> companies.company_key then 'another record has this name already'
            when targets.fate is null then 'companies are left behind by agreement or decision'
            else targets.reason
        end as reason,
        case when companies.fate = 'kept' then accounts.account_key end as target_key,
    from staging.companies as companies
    left join mapping.companies as accounts on accounts.name_key = lower(companies.name)
    left join reports.targets as targets
        on targets.entity = 'accounts' and targets.key = accounts.account_key
),

segments as (
    select
        'segments' as entity,
        record_key as key,
        case when fate = 'repeated' then 'repeated' else 'documented' end as fate,
        case when fate = 'repeated' then 'a newer row of the same segment was kept' else 'its rule is in the hand-over, its members carry a tag' end as reason,
        segment_key as target_key,
    from staging.segments
),

campaigns as (
    select
        'campaigns' as entity,
        record_key as key,
        case when fate = 'repeated' then 'repeated' else 'documented' end as fate,
        case when fate = 'repeated' then 'the same campaign again' else 'in the hand-over, to be rebuilt' end as reason,
        campaign_id as target_key,
    from staging.campaigns
),

unreadable as (
    select entity, reject_key as key, 'rejected' as fate, reason, null as target_key
    from staging.rejects
    where entity in ('user_profiles', 'companies', 'segments', 'campaigns')
),

together as (
    select * from profiles
    union all
    select * from companies
    union all
    select * from segments
    union all
    select * from campaigns
    union all
    select * from unreadable
)

select * from together
order by entity, key
