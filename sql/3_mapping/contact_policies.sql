-- Contacts after corrections and policies, each change of a value beside the value it replaced.
-- one row per contact_key
with

-- What the customer wrote instead, the newest answer for each field.
answers as (
    select key as contact_key, field, if(field = 'email', lower(trim(value)), trim(value)) as value
    from settings.decisions
    where decision = 'clean' and trim(value) <> ''
    qualify row_number() over (partition by key, field order by decided_at desc, value) = 1
),

corrections as (
    select contact_key, as_map(list(struct_pack(key := field, value := value) order by field)) as said
    from answers
    group by contact_key
),

corrected as (
    select
        facts.* replace (
            coalesce(corrections.said['email'], facts.email) as email,
            coalesce(corrections.said['mobile_number'], facts.mobile_number) as mobile_number,
            coalesce(corrections.said['work_number'], facts.work_number) as work_number,
            coalesce(corrections.said['external_id'], facts.external_id) as external_id,
            coalesce(corrections.said['first_name'], facts.first_name) as first_name,
            coalesce(corrections.said['last_name'], facts.last_name) as last_name,
            coalesce(corrections.said['country'], facts.country) as country,
            coalesce(corrections.said['owner_email'], facts.owner_email) as owner_email,
            coalesce(corrections.said['lifecycle_stage'], facts.lifecycle_stage) as lifecycle_stage,
            map_concat(fields_of(facts.contact_fields), as_map(map_entries(corrections.said))) as contact_fields
        ),
    from mapping.contact_facts as facts
    left join corrections on corrections.contact_key = facts.contact_key
),

-- Freshsales refuses the same e-mail or mobile number twice; the oldest contact keeps it.
email_ranks as (
    select contact_key, row_number() over (partition by lower(email) order by created_at nulls last, contact_key) as place
    from corrected
    where email is not null
),

mobile_ranks as (
    select contact_key, row_number() over (partition by mobile_number order by created_at nulls last, contact_key) as place
    from corrected
    where mobile_number is not null
),

ranked as (
    select
        corrected.*,
        coalesce(email_ranks.place, 1) as email_rank,
        coalesce(mobile_ranks.place, 1) as mobile_rank,
    from corrected
    left join email_ranks on email_ranks.contact_key = corrected.contact_key
    left join mobile_ranks on mobile_ranks.contact_key = corrected.contact_key
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

-- How long a value may be; of a field without a line in the list, as long as a text field.
limits as (
    select
        as_map(list(struct_pack(key := field, value := try_cast(max_length as bigint)) order by field)) as lengths,
        (select text_max_length from staging.typed_options) as otherwise,
    from settings.field_limits
    where entity = 'contacts'
),

measured as (
    select
        settled.*,
        limits.*,
        coalesce(length(first_name) > coalesce(lengths['first_name'], otherwise), false)
            or coalesce(length(last_name) > coalesce(lengths['last_name'], otherwise), false)
            or coalesce(length(work_number) > coalesce(lengths['work_number'], otherwise), false)
            or len(list_filter(
                map_entries(contact_fields), lambda field: length(field.value) > coalesce(lengths[field.key], otherwise)
            )) > 0 as is_over_long,
    from settled
    cross join limits
),

cut as (
    select
        measured.* exclude (lengths, otherwise) replace (
            left(first_name, coalesce(lengths['first_name'], otherwise)) as first_name,
            left(last_name, coalesce(lengths['last_name'], otherwise)) as last_name,
            left(work_number, coalesce(lengths['work_number'], otherwise)) as work_number,
            as_map(list_transform(map_entries(contact_fields), lambda field: struct_pack(
                key := field.key, value := left(field.value, coalesce(lengths[field.key], otherwise))
            ))) as contact_fields
        ),
    from measured
    where is_over_long and over_long = 'cut'
    union all
    select * exclude (lengths, otherwise)
    from measured
    where not is_over_long or over_long is distinct from 'cut'
)

select * replace (fields_as_text(map_entries(contact_fields)) as contact_fields) from cut
