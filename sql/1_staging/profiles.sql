-- Everyone Xtremepush knows, one line per profile, texts cleaned and typed.
-- one row per profile_key
with

kept as (
    select * from staging.profile_records where fate = 'kept'
),

-- A stage or a company may sit in an attribute; settings.standard_attributes says which.
roles as (
    select
        attributes.profile_key,
        max_by(attributes.value, standard.confidence) filter (where standard.field = 'lifecycle_stage') as lifecycle_stage,
        max_by(attributes.value, standard.confidence) filter (where standard.entity = 'accounts') as company_name,
    from staging.attributes
    inner join settings.standard_attributes as standard on standard.attribute = attributes.name
    where standard.field = 'lifecycle_stage'
       or (standard.entity = 'accounts' and standard.field = 'name')
    group by attributes.profile_key
),

-- An address or number that is in the attribute export alone is theirs all the same.
reachable as (
    select attributes.profile_key, standard.field, attributes.name, attributes.value
    from staging.attributes
    inner join settings.standard_attributes as standard
        on standard.attribute = attributes.name
        and standard.entity = 'contacts'
        and standard.field in ('email', 'mobile_number')
    where attributes.value is not null
),

own_mailboxes as (
    select profile_key, min_by(value, name) as email_raw
    from reachable
    where field = 'email'
    group by profile_key
),

-- Of several numbers the first mobile one is the mobile number, and the next one the work number.
written_numbers as (
    select profile_key, region, unnest(list_concat([mobile_raw], other_phones_raw)) as phone_raw,
        generate_subscripts(list_concat([mobile_raw], other_phones_raw), 1) as position,
    from kept
    union all
    select kept.profile_key, kept.region, reachable.value as phone_raw, 100 + row_number() over (partition by kept.profile_key order by reachable.name) as position,
    from kept
    inner join reachable on reachable.profile_key = kept.profile_key and reachable.field = 'mobile_number'
),

numbers as (
    select written_numbers.profile_key, position, 0 as place, phones.mobile_number as number, phones.kind in ('mobile', 'mobile_or_fixed') as is_mobile
    from written_numbers
    inner join staging.phones as phones
        on phones.phone_raw = written_numbers.phone_raw
        and phones.region = written_numbers.region
    where phones.mobile_number is not null
    union all
    select written_numbers.profile_key, position, 1 as place, unnest(string_split(phones.other_numbers, ' ')) as number, false as is_mobile
    from written_numbers
    inner join staging.phones as phones
        on phones.phone_raw = written_numbers.phone_raw
        and phones.region = written_numbers.region
    where phones.other_numbers is not null
),

ranked_numbers as (
    select profile_key, number, row_number() over (partition by profile_key order by is_mobile desc, position) as rank
    from (
        select profile_key, number, bool_or(is_mobile) as is_mobile, min(position * 2 + place) as position,
        from numbers
        group by profile_key, number
    )
),

own_numbers as (
    select
        profile_key,
        max(number) filter (rank = 1) as mobile_number,
        max(number) filter (rank = 2) as work_number,
    from ranked_numbers
    group by profile_key
),

cleaned as (
    select
        kept.profile_key,
        kept.profile_id,
        kept.user_id,

        coalesce(kept.email_raw, own_mailboxes.email_raw) as email_raw,
        emails.email,
        kept.mobile_raw,
        own_numbers.mobile_number,
        own_numbers.work_number,
        whatsapps.mobile_number as whatsapp_number,
        names.first_name,
        names.last_name,
        names.generation,
        languages.language,
        kept.timezone_raw as timezone,
        kept.country,
        coalesce(kept.company_raw, given_company(roles.company_name)) as company_name,
        coalesce(kept.lifecycle_raw, roles.lifecycle_stage) as lifecycle_stage,

        kept.email_subscription,
        kept.sms_subscription,
        kept.whatsapp_subscription,
        kept.push_subscription,
        kept.user_id is null
            and kept.email_raw is null
            and own_mailboxes.email_raw is null
            and kept.mobile_raw is null
            and own_numbers.mobile_number is null
            and kept.whatsapp_raw is null as is_anonymous,
        kept.region,
        kept.gone_as,
        kept.gone_evidence,
        nullif(kept.id_problem, '') as id_problem,

        kept.created_at,
        kept.updated_at,
        kept.last_seen_at,

        kept.source_file,
        kept.source_record,
    from kept
    left join own_mailboxes on own_mailboxes.profile_key = kept.profile_key
    left join staging.emails on emails.email_raw = coalesce(kept.email_raw, own_mailboxes.email_raw)
    left join own_numbers on own_numbers.profile_key = kept.profile_key
    left join staging.phones as whatsapps
        on whatsapps.phone_raw = kept.whatsapp_raw and whatsapps.region = kept.region
    left join staging.names
        on names.first_name_raw = coalesce(kept.first_name_raw, '')
        and names.last_name_raw = coalesce(kept.last_name_raw, '')
        and names.full_name_raw = coalesce(kept.full_name_raw, '')
    left join settings.languages on languages.language = lower(left(kept.language_raw, 2))
    left join roles on roles.profile_key = kept.profile_key
),

-- What the customer corrected in the quality workbook counts instead.
corrections as (
    select
        key as profile_key,
        max_by(lower(trim(value)), decided_at) filter (where field = 'email') as email,
        max_by(trim(value), decided_at) filter (where field = 'mobile_number') as mobile_number,
        max_by(trim(value), decided_at) filter (where field = 'first_name') as first_name,
        max_by(trim(value), decided_at) filter (where field = 'last_name') as last_name,
        max_by(trim(value), decided_at) filter (where field = 'company_name') as company_name,
        max_by(trim(value), decided_at) filter (where field = 'lifecycle_stage') as lifecycle_stage,
    from settings.decisions
    where decision = 'clean' and trim(value) <> ''
    group by key
),

corrected as (
    select
        cleaned.* replace (
            coalesce(corrections.email, cleaned.email) as email,
            coalesce(corrections.mobile_number, cleaned.mobile_number) as mobile_number,
            coalesce(corrections.first_name, cleaned.first_name) as first_name,
            coalesce(corrections.last_name, cleaned.last_name) as last_name,
            coalesce(corrections.company_name, cleaned.company_name) as company_name,
            coalesce(corrections.lifecycle_stage, cleaned.lifecycle_stage) as lifecycle_stage
        ),
    from cleaned
    left join corrections on corrections.profile_key = cleaned.profile_key
)

select * from corrected
