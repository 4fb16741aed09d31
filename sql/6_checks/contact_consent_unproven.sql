-- Whoever opted out, or never answered, waits until it is known how this Freshsales account marks them.
-- severity: hold
-- fix: an administrator of Freshsales marks three test contacts, once; that settles all of these
-- engineer: ferry consent-codes, then ferry transform; where nobody is written to on a channel: ferry consent-codes --nobody-written-to
-- one_act: an administrator of Freshsales marks three test contacts as opted in, opted out and not asked
-- decisions: delete
with

channels as (
    select contact_key, 'email' as channel, email_state as state, subscription_status as code
    from mapping.contact_facts
    union all
    select contact_key, 'sms' as channel, sms_state as state, sms_subscription_status as code
    from mapping.contact_facts
    where mobile_number is not null
    union all
    select contact_key, 'whatsapp' as channel, whatsapp_state as state, whatsapp_subscription_status as code
    from mapping.contact_facts
    where whatsapp_number is not null
),

unproven as (
    select
        'contacts' as entity,
        channels.contact_key as key,
        channels.channel || ' consent' as field,
        channels.state as value,
        case
            when channels.state = 'opted out' then 'opted out, and this account has not shown its code for that yet'
            else 'nobody knows whether they agreed, and this account has not shown its code for that yet'
        end as reason,
        null as suggestion,
        consent.evidence,
    from channels
    semi join freshsales.contacts as contacts on contacts.contact_key = channels.contact_key
    left join mapping.consent as consent
        on consent.person_key = channels.contact_key
        and consent.channel = channels.channel
    left join staging.options as unwritten
        on unwritten.name = 'consent.' || channels.channel || '.nobody_is_written_to'
    where channels.state <> 'opted in'
      and channels.code is null
      and unwritten.value is distinct from 'true'
)

select * from unproven
