-- Contacts after corrections and policies, each change of a value beside the value it replaced.
-- one row per contact_key
with

corrections as (
    select
        key as contact_key,
        max_by(lower(trim(value)), decided_at) filter (where field = 'email') as email,
        max_by(trim(value), decided_at) filter (where field = 'mobile_number') as mobile_number,
        max_by(trim(value), decided_at) filter (where field = 'work_number') as work_number,
        max_by(trim(value), decided_at) filter (where field = 'external_id') as external_id,
        max_by(trim(value), decided_at) filter (where field = 'first_name') as first_name,
        max_by(trim(value), decided_at) filter (where field = 'last_name') as last_name,
        max_by(trim(value), decided_at) filter (where field = 'job_title') as job_title,
        max_by(trim(value), decided_at) filter (where field = 'address') as address,
        max_by(trim(value), decided_at) filter (where field = 'city') as city,
        max_by(trim(value), decided_at) filter (where field = 'state') as state,
        max_by(trim(value), decided_at) filter (where field = 'zipcode') as zipcode,
        max_by(trim(value), decided_at) filter (where field = 'country') as country,
        max_by(trim(value), decided_at) filter (where field = 'owner_email') as owner_email,
        max_by(trim(value), decided_at) filter (where field = 'lifecycle_stage') as lifecycle_stage,
    from settings.decisions
    where decision = 'clean' and trim(value) <> ''
    group by key
),

corrected as (
    select
        facts.* replace (
            coalesce(corrections.email, facts.email) as email,
            coalesce(corrections.mobile_number, facts.mobile_number) as mobile_number,
            coalesce(corrections.work_number, facts.work_number) as work_number,
            coalesce(corrections.external_id, facts.external_id) as external_id,
            coalesce(corrections.first_name, facts.first_name) as first_name,
            coalesce(corrections.last_name, facts.last_name) as last_name,
            coalesce(corrections.job_title, facts.job_title) as job_title,
            coalesce(corrections.address, facts.address) as address,
            coalesce(corrections.city, facts.city) as city,
            coalesce(corrections.state, facts.state) as state,
            coalesce(corrections.zipcode, facts.zipcode) as zipcode,
            coalesce(corrections.country, facts.country) as country,
            coalesce(corrections.owner_email, facts.owner_email) as owner_email,
            coalesce(corrections.lifecycle_stage, facts.lifecycle_stage) as lifecycle_stage
        ),
    from mapping.contact_facts as facts
    left join corrections on corrections.contact_key = facts.contact_key
),

-- Freshsales refuses the same e-mail or mobile number twice; the oldest contact keeps it.
ranked as (
    select
        *,
        case when email is null then 1 else row_number() over (
            partition by lower(email) order by created_at nulls last, contact_key
        ) end as email_rank,
        case when mobile_number is null then 1 else row_number() over (
            partition by mobile_number order by created_at nulls last, contact_key
        ) end as mobile_rank,
    from corrected
),

policies as (
    select
        contacts_without_email as without_email,
        contacts_placeholder_domain as placeholder_domain,
        contacts_without_last_name as without_last_name,
        contacts_placeholder_last_name as placeholder_last_name,
        contacts_shared_mobile as shared_mobile,
        contacts_shared_email as shared_email,
        contacts_over_long as over_long,
    from staging.typed_options
),

settled as (
    select
        ranked.* replace (
            case
                when email is not null and (email_rank = 1 or shared_email = 'hold') then email
                when without_email = 'placeholder' then 'person-' || lower(regexp_replace(contact_key, '[^0-9A-Za-z]+', '-', 'g')) || '@' || placeholder_domain
            end as email,
            case when mobile_rank = 1 or shared_mobile = 'hold' then mobile_number end as mobile_number,
            case when mobile_rank > 1 and shared_mobile = 'work_number' then coalesce(work_number, mobile_number) else work_number end as work_number,
            case
                when last_name is not null then last_name
                when without_last_name = 'placeholder' then placeholder_last_name
                when without_last_name = 'first_name' then coalesce(first_name, placeholder_last_name)
            end as last_name
        ),
        email as email_before,
        mobile_number as mobile_before,
        last_name as last_name_before,
        email is not null and email_rank > 1 as is_email_shared,
        mobile_rank > 1 as is_mobile_shared,
        over_long,
    from ranked
    cross join policies
),

cut as (
    select
        settled.* replace (
            case when over_long = 'cut' then left(first_name, 100) else first_name end as first_name,
            case when over_long = 'cut' then left(last_name, 100) else last_name end as last_name,
            case when over_long = 'cut' then left(job_title, 100) else job_title end as job_title,
            case when over_long = 'cut' then left(work_number, 30) else work_number end as work_number,
            case when over_long = 'cut' then left(address, 255) else address end as address,
            case when over_long = 'cut' then left(city, 255) else city end as city,
            case when over_long = 'cut' then left(state, 255) else state end as state,
            case when over_long = 'cut' then left(zipcode, 255) else zipcode end as zipcode
        ),
        greatest(
            coalesce(length(first_name), 0) - 100,
            coalesce(length(last_name), 0) - 100,
            coalesce(length(job_title), 0) - 100,
            coalesce(length(work_number), 0) - 30,
            coalesce(length(address), 0) - 255,
            coalesce(length(city), 0) - 255,
            coalesce(length(state), 0) - 255,
            coalesce(length(zipcode), 0) - 255
        ) > 0 as is_over_long,
    from settled
)

select * from cut
