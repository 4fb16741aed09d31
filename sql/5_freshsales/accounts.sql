-- The companies as Freshsales will have them, one line per name.
-- one row per account_key
with

owners as (
    select
        linked.account_key,
        mode(owners.owner_email order by owners.owner_email) as owner_email,
    from mapping.person_companies as linked
    inner join mapping.owners as owners on owners.person_key = linked.person_key
    group by linked.account_key
),

corrections as (
    select
        key as account_key,
        max_by(trim(value), decided_at) filter (where field = 'name') as name,
        max_by(trim(value), decided_at) filter (where field = 'website') as website,
        max_by(trim(value), decided_at) filter (where field = 'phone') as phone,
    from settings.decisions
    where decision = 'clean' and trim(value) <> ''
    group by key
),

-- what is cut is told by checks.text_cut
limits as (
    select
        max(try_cast(max_length as bigint)) filter (where field = 'name') as name_length,
        max(try_cast(max_length as bigint)) filter (where field = 'phone') as phone_length,
        max(try_cast(max_length as bigint)) filter (where field = 'address') as address_length,
    from settings.field_limits
    where entity = 'accounts'
),

deleted as (
    select distinct key as account_key from settings.decisions where decision = 'delete'
),

described as (
    select
        companies.account_key,
        left(coalesce(corrections.name, companies.name), limits.name_length) as name,
        case
            when regexp_full_match(lower(coalesce(corrections.website, companies.website_raw)), 'https?://([a-z0-9-]+\.)+[a-z]{2,}(/\S*)?')
                then lower(coalesce(corrections.website, companies.website_raw))
            when regexp_full_match(lower(coalesce(corrections.website, companies.website_raw)), '([a-z0-9-]+\.)+[a-z]{2,}(/\S*)?')
                then 'https://' || lower(coalesce(corrections.website, companies.website_raw))
        end as website,
        left(coalesce(corrections.phone, companies.phone), limits.phone_length) as phone,
        left(companies.address, limits.address_length) as address,
        companies.city,
        coalesce(countries.name, companies.country_raw) as country,
        owners.owner_email,
    from mapping.companies as companies
    cross join limits
    left join owners on owners.account_key = companies.account_key
    left join corrections on corrections.account_key = companies.account_key
    left join settings.countries on countries.text = lower(companies.country_raw)
    anti join deleted on deleted.account_key = companies.account_key
    where (select accounts from staging.typed_options)
)

select * from described
