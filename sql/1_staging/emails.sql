-- Every e-mail address as it was written, what it is, and what may have been meant; the one place where clean_email is called.
-- one row per email_raw
with
distinct_addresses as (
    select email_raw
    from staging.profile_records
    where email_raw is not null
    union
    select value as email_raw
    from staging.attributes
    where name in (select attribute from settings.standard_attributes where entity = 'contacts' and field = 'email')
        and value is not null
    union
    select part as email_raw
    from staging.consent_addresses
    where is_email
),
found as materialized (
    select email_raw, clean_email(email_raw) as address
    from distinct_addresses
),
-- an address that could not be read still has something after its last @
written_domains as (
    select
        email_raw,
        address,
        is_no_address(email_raw) as is_none,
        coalesce(address.domain, lower(trim(regexp_extract(email_raw, '@([^@]+)$', 1)))) as written_domain,
        coalesce(address.local_part, lower(trim(regexp_extract(email_raw, '^([^@]+)@[^@]+$', 1)))) as written_local_part,
    from found
),
common_domains as (
    select text as domain
    from settings.email_domains
    where kind = 'common'
),
unknown_domains as (
    select distinct written_domain
    from written_domains
    where written_domain <> ''
        and written_domain not in (select domain from common_domains)
),
-- one wrong key for short domains, two for long ones; "gmail" alone lacks its ending
near_domains as (
    select
        unknown_domains.written_domain,
        common_domains.domain,
        damerau_levenshtein(unknown_domains.written_domain, common_domains.domain) as distance,
    from unknown_domains
    inner join common_domains
        on abs(length(unknown_domains.written_domain) - length(common_domains.domain)) <= 2
        or starts_with(common_domains.domain, unknown_domains.written_domain || '.')
    where damerau_levenshtein(unknown_domains.written_domain, common_domains.domain) <= if(length(common_domains.domain) >= 9, 2, 1)
        or starts_with(common_domains.domain, unknown_domains.written_domain || '.')
),
meant_domains as (
    select written_domain, min_by(domain, (distance, domain)) as domain
    from near_domains
    group by written_domain
    union all
    select
        unknown_domains.written_domain,
        regexp_replace(unknown_domains.written_domain, '[^.]+$', endings.meant) as domain,
    from unknown_domains
    inner join settings.email_domains as endings
        on endings.kind = 'top_level'
        and endings.text = regexp_extract(unknown_domains.written_domain, '[^.]+$')
    where unknown_domains.written_domain not in (select written_domain from near_domains)
)
select
    written_domains.email_raw,
    if(policy.is_used in ('yes', 'true', '1') and not is_none, address.email, null) as email,
    if(policy.is_used in ('yes', 'true', '1') and not is_none, address.domain, null) as domain,
    if(is_none, 'invalid', address.class) as email_class,
    if(is_none, 'stands where there is no address', address.note) as email_note,
    case
        when is_none then null
        when written_local_part <> '' and meant_domains.domain is not null then written_local_part || '@' || meant_domains.domain
        when not coalesce(policy.is_used in ('yes', 'true', '1'), false) then address.email
    end as email_suggestion,
    roles.local_part is not null as is_role,
    disposable.domain is not null as is_disposable,
from written_domains
left join settings.email_policy as policy
    on policy.class = address.class
left join meant_domains
    on meant_domains.written_domain = written_domains.written_domain
left join settings.email_roles as roles
    on roles.local_part = split_part(address.local_part, '+', 1)
left join settings.email_disposable as disposable
    on disposable.domain = address.domain
