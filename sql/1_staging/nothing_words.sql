-- Words that mean nothing, such as N/A, that were read as empty: how often in which column.
-- one row per entity, field, word
with

people as (
    unpivot (
        select
            email, mobile_number, whatsapp_number, first_name, last_name, language, timezone, country, company,
            lifecycle_stage, create_time, update_time, last_seen_time,
        from landed.user_profiles
    )
    on email, mobile_number, whatsapp_number, first_name, last_name, language, timezone, country, company,
        lifecycle_stage, create_time, update_time, last_seen_time
    into name field value written
),

companies as (
    unpivot (select name, domain, website, phone, address, city, country from landed.companies)
    on name, domain, website, phone, address, city, country
    into name field value written
),

loyalty as (
    unpivot (select token_balance, available_tokens, level_current, level_name, achievement_ids from landed.loyalty)
    on token_balance, available_tokens, level_current, level_name, achievement_ids
    into name field value written
),

counted as (
    select 'user_profiles' as entity, field, trim(written) as word, count(*) as records
    from people
    where is_nothing(trim(written))
       or (field in ('first_name', 'last_name') and is_no_name(trim(written)))
       or (field = 'company' and is_no_company(trim(written)))
    group by all
    union all
    select 'companies' as entity, field, trim(written) as word, count(*) as records
    from companies
    where is_nothing(trim(written)) or (field = 'name' and is_no_company(trim(written)))
    group by all
    union all
    select 'loyalty' as entity, field, trim(written) as word, count(*) as records
    from loyalty
    where is_nothing(trim(written))
    group by all
    union all
    select 'attributes' as entity, name as field, nothing_word as word, count(*) as records
    from staging.attributes
    where nothing_word is not null
    group by all
)

select * from counted
where word <> ''
