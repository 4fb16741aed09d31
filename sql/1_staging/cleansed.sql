-- Every value of a profile that cleansing changed, before and after, and every one it could not read.
-- one row per profile_key, field
with
kept as (
    select *
    from staging.profile_records
    where fate = 'kept'
),
corrections as (
    select distinct key as profile_key, field
    from settings.decisions
    where decision = 'clean'
        and trim(value) <> ''
),
read as (
    select kept.profile_key, 'email' as field, kept.email_raw as before, emails.email as after, coalesce(emails.email_note, emails.email_class) as note
    from kept
    inner join staging.emails as emails
        on emails.email_raw = kept.email_raw
    union all
    select kept.profile_key, 'mobile_number' as field, kept.mobile_raw as before, phones.mobile_number as after, phones.reason as note
    from kept
    inner join staging.phones as phones
        on phones.phone_raw = kept.mobile_raw
        and phones.region = coalesce(kept.region, 'ZZ')
    union all
    select kept.profile_key, 'whatsapp_number' as field, kept.whatsapp_raw as before, phones.mobile_number as after, phones.reason as note
    from kept
    inner join staging.phones as phones
        on phones.phone_raw = kept.whatsapp_raw
        and phones.region = coalesce(kept.region, 'ZZ')
    union all
    select profile_key, 'work_number' as field, min(before) as before, min(after) as after, min(note) as note
    from (
        select kept.profile_key, kept.phone_raw as before, phones.mobile_number as after, phones.reason as note
        from (select profile_key, coalesce(region, 'ZZ') as region, unnest(other_phones_raw) as phone_raw from kept) as kept
        inner join staging.phones as phones
            on phones.phone_raw = kept.phone_raw
            and phones.region = kept.region
        qualify row_number() over (partition by kept.profile_key order by phones.mobile_number is not null, kept.phone_raw) = 1
    )
    group by profile_key
    union all
    select kept.profile_key, 'first_name' as field, coalesce(kept.first_name_raw, kept.full_name_raw) as before, names.first_name as after, names.name_note as note
    from kept
    inner join staging.names as names
        on names.first_name_raw = coalesce(kept.first_name_raw, '')
        and names.last_name_raw = coalesce(kept.last_name_raw, '')
        and names.full_name_raw = coalesce(kept.full_name_raw, '')
    union all
    select kept.profile_key, 'last_name' as field, coalesce(kept.last_name_raw, kept.full_name_raw) as before, names.last_name as after, names.name_note as note
    from kept
    inner join staging.names as names
        on names.first_name_raw = coalesce(kept.first_name_raw, '')
        and names.last_name_raw = coalesce(kept.last_name_raw, '')
        and names.full_name_raw = coalesce(kept.full_name_raw, '')
    union all
    select kept.profile_key, 'country' as field, kept.country_raw as before, kept.country as after, null as note
    from kept
    union all
    select kept.profile_key, 'language' as field, kept.language_raw as before, profiles.language as after, null as note
    from kept
    inner join staging.profiles as profiles
        on profiles.profile_key = kept.profile_key
)
select
    read.profile_key,
    read.field,
    read.before,
    read.after,
    case
        when read.after is null then 'could not be read' || coalesce(': ' || read.note, '')
        when read.note is not null and read.note <> 'deliverable' then read.note
        when read.field in ('mobile_number', 'whatsapp_number', 'work_number') then 'written as E.164'
        when read.field = 'email' then 'written in small letters'
        when read.field in ('country', 'language') then 'written as a code'
        else 'spaces taken out'
    end as rule,
    read.after is null as is_lost,
from read
left join corrections
    on corrections.profile_key = read.profile_key
    and corrections.field = read.field
where read.before is distinct from read.after
    and coalesce(read.before, read.after) is not null
    and corrections.profile_key is null
