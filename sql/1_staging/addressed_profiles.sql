-- Whose address a consent record writes: the profiles that have it; where none has, those that may be meant by it.
-- one row per address, profile_key
with

addresses as (
    select distinct address
    from staging.consent_addresses
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
    select distinct
        records.profile_key,
        records.region,
        written.phone_raw,
        unnest(coalesce(nullif(list_filter(list_concat([phones.mobile_number], string_split(phones.other_numbers, ' ')), lambda number: number is not null), []), [null])) as mobile_number,
    from staging.profile_records as records
    cross join lateral (select unnest(list_concat([records.mobile_raw, records.whatsapp_raw], records.other_phones_raw)) as phone_raw) as written
    left join staging.phones as phones
        on phones.phone_raw = written.phone_raw
        and phones.region = records.region
    where written.phone_raw is not null
),

written_mailboxes as (
    select
        addresses.address,
        lower(coalesce(emails.email, addresses.part)) as email,
        lower(emails.email_suggestion) as suggestion,
    from staging.consent_addresses as addresses
    inner join staging.emails on emails.email_raw = addresses.part
    where addresses.is_email
),

written_numbers as (
    select
        parts.address,
        parts.part,
        right(digits_of(regexp_replace(parts.part, '[.,]0+$', '')), 7) as ending,
    from staging.consent_addresses as parts
    where not parts.is_email
      and not is_rounded_id(parts.part)
      and length(digits_of(parts.part)) >= 7
),

by_number as (
    select
        written.address,
        numbers.profile_key,
        numbers.mobile_number is not null
            and list_contains(list_concat([phones.mobile_number], string_split(phones.other_numbers, ' ')), numbers.mobile_number) as is_sure,
    from written_numbers as written
    inner join numbers on right(digits_of(numbers.phone_raw), 7) = written.ending
    left join staging.phones as phones
        on phones.phone_raw = written.part
        and phones.region = numbers.region
    union all
    -- also where one of several numbers in a cell, or an extension, ends it
    select written.address, numbers.profile_key, true as is_sure
    from written_numbers as written
    inner join staging.phones as phones on phones.phone_raw = written.part
    inner join numbers
        on numbers.mobile_number = phones.mobile_number
        and numbers.region = phones.region
),

-- Lists of refusals travel as hashes of the addresses, so that nobody reads them on the way.
hashes as (
    select distinct address, lower(trim(address)) as hash
    from addresses
    where regexp_full_match(trim(address), '(?i)[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}')
),

by_hash as (
    select hashes.address, mailboxes.profile_key
    from hashes
    inner join (select profile_key, unnest([md5(email), sha1(email), sha256(email)]) as hash from mailboxes where (select count(*) from hashes) > 0) as mailboxes
        on mailboxes.hash = hashes.hash
),

exact as (
    select written.address, mailboxes.profile_key
    from written_mailboxes as written
    inner join mailboxes on mailboxes.email = written.email
    union
    select address, profile_key from by_number where is_sure
    union
    select address, profile_key from by_hash
),

-- Whom an address may mean is asked only where nobody has it: of an export of many people they are few, and there is
-- an info@ at every firm.
unreached as materialized (
    select address from addresses
    anti join exact on exact.address = addresses.address
),

unreached_mailboxes as (
    select written.*
    from written_mailboxes as written
    semi join unreached on unreached.address = written.address
),

same_names as (
    select
        written.address,
        mailboxes.profile_key,
        split_part(mailboxes.email, '@', 2) as theirs,
        split_part(written.email, '@', 2) as written,
    from unreached_mailboxes as written
    inner join mailboxes
        on split_part(mailboxes.email, '@', 1) = split_part(written.email, '@', 1)
        and mailboxes.email <> written.email
),

-- Few different domains: two of them are compared once.
near_domains as (
    select theirs, written
    from (select theirs, written, count(*) as pairs from same_names group by theirs, written)
    where asked_once(pairs, damerau_levenshtein(theirs, written) <= 2)
),

alike_by_email as (
    -- ann+shop@, a.nn@ and a slip in the domain may be the same mailbox
    select written.address, mailboxes.profile_key
    from unreached_mailboxes as written
    inner join mailboxes
        on loose_mailbox(mailboxes.email) = loose_mailbox(written.email)
    union all
    select written.address, mailboxes.profile_key
    from unreached_mailboxes as written
    inner join mailboxes on mailboxes.email = written.suggestion
    union all
    select written.address, mailboxes.profile_key
    from unreached_mailboxes as written
    inner join mailboxes on mailboxes.suggestion = written.email
    union all
    -- ann (at) example (dot) com
    select spelt.address, mailboxes.profile_key
    from (
        select
            address,
            regexp_replace(
                regexp_replace(lower(address), '\s*[(\[{<]\s*(at|@)\s*[)\]}>]\s*|\s+at\s+', '@'),
                '\s*[(\[{<]\s*(dot|punkt|punto|point|[.])\s*[)\]}>]\s*|\s+dot\s+', '.', 'g'
            ) as email,
        from unreached
    ) as spelt
    inner join mailboxes on mailboxes.email = spelt.email
    where spelt.email <> lower(spelt.address)
    union all
    -- the same name at a domain that is nearly the same
    select same.address, same.profile_key
    from same_names as same
    semi join near_domains as near on near.theirs = same.theirs and near.written = same.written
),

-- 3.53871E+11, or 353871234000 that nobody has, may be whatever number a spreadsheet would show so.
rounded as (
    select distinct written.address, rounded_from(written.part) as lowest, rounded_to(written.part) as highest
    from staging.consent_addresses as written
    semi join unreached on unreached.address = written.address
    where not written.is_email and rounded_from(written.part) is not null
),

-- materialized, so that a number is read once and not at every comparison
whole_numbers as materialized (
    select profile_key, try_cast(digits_of(coalesce(mobile_number, phone_raw)) as hugeint) as number
    from numbers
    where (select count(*) from rounded) > 0
),

alike_by_number as (
    select by_number.address, by_number.profile_key
    from by_number
    semi join unreached on unreached.address = by_number.address
    union all
    select rounded.address, whole.profile_key
    from rounded
    inner join whole_numbers as whole on whole.number between rounded.lowest and rounded.highest
),

together as (
    select address, profile_key, true as is_sure from exact
    union all
    select distinct address, profile_key, false as is_sure
    from (select * from alike_by_email union all select * from alike_by_number)
)

select * from together
