-- Nobody who said no anywhere may be sent as if they had said yes.
-- severity: stop
-- fix: this is a fault of the consent rules; run ferry sql test and undo the last change
with

-- Read straight from the staged tables, past everything mapping decided.
newest_words as (
    select profile_key, channel_raw as channel, status_raw
    from staging.consents
    where fate = 'kept'
      and profile_key is not null
      and preference_name is null
    qualify row_number() over (partition by profile_key, channel_raw, address order by updated_at desc nulls last, status_raw) = 1
),

refusals as (
    select profile_key, 'email' as channel from staging.profiles where not email_subscription
    union
    select profile_key, 'sms' as channel from staging.profiles where not sms_subscription
    union
    select profile_key, channel from newest_words where channel in ('email', 'sms') and status_raw in ('0', 'false', 'unsubscribed')
),

lost as (
    select
        'contacts' as entity,
        contacts.contact_key as key,
        refusals.channel || ' consent' as field,
        null as value,
        'profile ' || refusals.profile_key || ' said no' as reason,
        null as suggestion,
    from refusals
    inner join freshsales.contact_members as members on members.profile_key = refusals.profile_key
    inner join freshsales.contacts as contacts on contacts.contact_key = members.contact_key
    where (refusals.channel = 'email' and not contacts.cf_email_opt_out)
       or (refusals.channel = 'sms' and not contacts.cf_sms_opt_out)
)

select * from lost
