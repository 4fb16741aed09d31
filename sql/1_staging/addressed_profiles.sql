-- Whose address a consent record writes: the profiles that have it, and those that may be meant by it.
-- one row per address, profile_key
with

addresses as (
    select distinct trim(address) as address
    from landed.consents
    where trim(address) <> ''
),

-- Every address a profile ever had in the export, not only its newest.
mailboxes as (
    select distinct
        records.profile_key,
        lower(coalesce(emails.email, records.email_raw)) as email,
        lower(emails.email_suggestion) as suggestion,
    from staging.profile_records as records
    inner join staging.emails on emails.email_raw = records.email_raw
),

numbers as (
    select distinct records.profile_key, records.region, written.phone_raw, phones.mobile_number
    from staging.profile_records as records
    cross join lateral (select unnest([records.mobile_raw, records.whatsapp_raw]) as phone_raw) as written
    left join staging.phones as phones
        on phones.phone_raw = written.phone_raw
        and phones.region = records.region
    where written.phone_raw is not null
),

written_mailboxes as (
    select
        addresses.address,
        lower(coalesce(emails.email, addresses.address)) as email,
        lower(emails.email_suggestion) as suggestion,
    from addresses
    inner join staging.emails on emails.email_raw = addresses.address
),

by_email as (
    select written.address, mailboxes.profile_key, true as is_sure
    from written_mailboxes as written
    inner join mailboxes on mailboxes.email = written.email
    union all
    -- ann+shop@, a.nn@ and a slip in the domain may be the same mailbox
    select written.address, mailboxes.profile_key, false as is_sure
    from written_mailboxes as written
    inner join mailboxes
        on regexp_replace(split_part(mailboxes.email, '@', 1), '[+].*|[.]', '', 'g') || '@' || split_part(mailboxes.email, '@', 2)
        = regexp_replace(split_part(written.email, '@', 1), '[+].*|[.]', '', 'g') || '@' || split_part(written.email, '@', 2)
    union all
    select written.address, mailboxes.profile_key, false as is_sure
    from written_mailboxes as written
    inner join mailboxes on mailboxes.email = written.suggestion
    union all
    select written.address, mailboxes.profile_key, false as is_sure
    from written_mailboxes as written
    inner join mailboxes on mailboxes.suggestion = written.email
),

by_number as (
    select addresses.address, numbers.profile_key, numbers.mobile_number is not null and phones.mobile_number is not distinct from numbers.mobile_number as is_sure
    from addresses
    inner join numbers on right(digits_of(numbers.phone_raw), 7) = right(digits_of(addresses.address), 7)
    left join staging.phones as phones
        on phones.phone_raw = addresses.address
        and phones.region = numbers.region
    where addresses.address not like '%@%'
      and length(digits_of(addresses.address)) >= 7
),

together as (
    select address, profile_key, bool_or(is_sure) as is_sure
    from (select * from by_email union all select * from by_number)
    group by address, profile_key
)

select * from together
