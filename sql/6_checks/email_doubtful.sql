-- An e-mail address that works but may not be meant: a mistyped domain, a shared mailbox, a throw-away address.
-- severity: note
-- fix: look at the suggestion; nothing is corrected by itself
-- decisions: clean
select
    'user_profiles' as entity,
    profiles.profile_key as key,
    'email' as field,
    profiles.email as value,
    concat_ws('; ',
        if(emails.email_suggestion is not null, 'the domain looks mistyped', null),
        if(emails.is_role, 'a shared mailbox, not a person', null),
        if(emails.is_disposable, 'a throw-away address', null),
        if(emails.email_class = 'unusual', emails.email_note, null)
    ) as reason,
    emails.email_suggestion as suggestion,
from staging.profiles as profiles
inner join staging.emails as emails
    on emails.email_raw = profiles.email_raw
    and emails.email = profiles.email
where emails.email_suggestion is not null
    or emails.is_role
    or emails.is_disposable
    or emails.email_class = 'unusual'
