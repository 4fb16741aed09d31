-- Freshsales takes no contact without an e-mail.
-- severity: hold
-- fix: find the address in another system and write it here, or leave the contact out
-- engineer: to send them with a placeholder address: set contacts.without_email to placeholder in ferry.yaml, then ferry transform
-- decisions: clean delete
with

raw_emails as (
    select people.person_key, min(profiles.email_raw) as email_raw
    from staging.profiles as profiles
    inner join matching.people as people on people.profile_key = profiles.profile_key
    where profiles.email_raw is not null
    group by people.person_key
),

missing as (
    select
        'contacts' as entity,
        policies.contact_key as key,
        'email' as field,
        coalesce(raw_emails.email_raw, policies.email_before) as value,
        case
            when policies.is_email_shared then 'another contact has this e-mail already'
            when emails.email_class = 'reserved' then 'its domain is set aside for tests and examples: no mail can reach it'
            when raw_emails.email_raw is not null then 'this is not an e-mail address'
            else 'there is no e-mail'
        end as reason,
        -- never the value that stands there
        case when lower(emails.email_suggestion) <> lower(trim(coalesce(raw_emails.email_raw, ''))) then nullif(emails.email_suggestion, '') end as suggestion,
    from mapping.contact_policies as policies
    left join raw_emails on raw_emails.person_key = policies.contact_key
    left join staging.emails as emails on emails.email_raw = raw_emails.email_raw
    where policies.email is null
)

select * from missing
