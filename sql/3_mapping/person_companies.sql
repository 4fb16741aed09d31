-- The company each person works for.
-- one row per person_key
with

named as (
    select
        person_key,
        lower(regexp_replace(trim(company_name), '\s+', ' ', 'g')) as company_key,
    from matching.golden
    where not is_anonymous
      and trim(company_name) <> ''
),

-- The keys of the company file, and the names that its companies had before.
file_keys as (
    select said, account_key
    from mapping.companies
    cross join unnest(also_said) as others(said)
),

linked as (
    select named.person_key, coalesce(file_keys.account_key, companies.account_key) as account_key
    from named
    left join file_keys on file_keys.said = named.company_key
    left join mapping.companies as companies on companies.name_key = named.company_key
    where coalesce(file_keys.account_key, companies.account_key) is not null
)

select * from linked
