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
        coalesce(max(try_cast(max_length as bigint)) filter (where field = 'name'), 255) as name_length,
        coalesce(max(try_cast(max_length as bigint)) filter (where field = 'phone'), 30) as phone_length,
        coalesce(max(try_cast(max_length as bigint)) filter (where field = 'address'), 255) as address_length,
        as_map(list(struct_pack(key := field, value := try_cast(max_length as bigint)) order by field)) as lengths,
        (select text_max_length from staging.typed_options) as otherwise,
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
        -- a column for every line of settings.standard_fields that is filled by the list
        unnest(account_fields(as_map(list_transform(map_entries(fields_of(companies.account_fields)), lambda field: struct_pack(
            key := field.key, value := left(field.value, coalesce(lengths[field.key], otherwise))
        ))))),
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
