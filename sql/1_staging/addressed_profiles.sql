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
    union all
    -- ann (at) example (dot) com
    select spelt.address, mailboxes.profile_key, false as is_sure
    from (
        select
            address,
            regexp_replace(
                regexp_replace(lower(address), '\s*[(\[{<]\s*(at|@)\s*[)\]}>]\s*|\s+at\s+', '@'),
                '\s*[(\[{<]\s*(dot|punkt|punto|point|[.])\s*[)\]}>]\s*|\s+dot\s+', '.', 'g'
            ) as email,
        from addresses
    ) as spelt
    inner join mailboxes on mailboxes.email = spelt.email
    where spelt.email <> lower(spelt.address)
    union all
    -- the same name at a domain that is nearly the same
    select written.address, mailboxes.profile_key, false as is_sure
    from written_mailboxes as written
    inner join mailboxes
        on split_part(mailboxes.email, '@', 1) = split_part(written.email, '@', 1)
        and mailboxes.email <> written.email
    where damerau_levenshtein(split_part(mailboxes.email, '@', 2), split_part(written.email, '@', 2)) <= 2
),

by_number as (
    select addresses.address, numbers.profile_key, numbers.mobile_number is not null and phones.mobile_number is not distinct from numbers.mobile_number as is_sure
    from addresses
    inner join numbers on right(digits_of(numbers.phone_raw), 7) = right(digits_of(regexp_replace(addresses.address, '[.,]0+$', '')), 7)
    left join staging.phones as phones
        on phones.phone_raw = addresses.address
        and phones.region = numbers.region
    where addresses.address not like '%@%'
      and length(digits_of(addresses.address)) >= 7
    union all
    -- 3.53871E+11 may be every number of twelve digits that begins so; its last digit was rounded
    select rounded.address, numbers.profile_key, false as is_sure
    from (
        select
            address,
            regexp_replace(regexp_replace(address, '[eE].*', ''), '[^0-9]', '', 'g') as shown,
            try_cast(regexp_extract(address, '[eE][+]([0-9]+)$', 1) as integer) + 1 as length_meant,
        from addresses
        where is_rounded_id(address)
    ) as rounded
    inner join numbers
        on starts_with(digits_of(coalesce(numbers.mobile_number, numbers.phone_raw)), left(rounded.shown, greatest(length(rounded.shown) - 1, 1)))
        and length(digits_of(coalesce(numbers.mobile_number, numbers.phone_raw))) = rounded.length_meant
),

together as (
    select address, profile_key, bool_or(is_sure) as is_sure
    from (select * from by_email union all select * from by_number)
    group by address, profile_key
)

select * from together
