-- Every company of a company file, typed.
-- one row per record_key
with

typed as (
    select
        _file || ':' || _record as record_key,
        given(company_key) as given_key,
        given_company(regexp_replace(shown(name), '\s+', ' ', 'g')) as name,
        given(domain) as domain,
        given(website) as website,
        given(shown(phone)) as phone,
        given(shown(address)) as address,
        given(shown(city)) as city,
        given(country) as country_raw,
        _landed_at as landed_at,
    from landed.companies
),

keyed as (
    select
        *,
        coalesce(given_key, 'name:' || lower(name), record_key) as company_key,
    from typed
),

judged as (
    select
        * exclude (landed_at),
        case
            when row_number() over (partition by coalesce(company_key, record_key) order by landed_at desc, record_key desc) = 1 then 'kept'
            else 'repeated'
        end as fate,
    from keyed
)

select * from judged
