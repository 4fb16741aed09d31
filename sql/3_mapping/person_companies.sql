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

file_keys as (
    select lower(given_key) as given_key, min(lower(name)) as name_key
    from staging.companies
    where fate = 'kept' and given_key is not null and name is not null
    group by all
),

linked as (
    select named.person_key, companies.account_key
    from named
    left join file_keys on file_keys.given_key = named.company_key
    inner join mapping.companies as companies
        on companies.name_key = coalesce(file_keys.name_key, named.company_key)
)

select * from linked
