-- An e-mail address that no mail can reach; the contact goes without it.
-- severity: note
-- fix: correct the address in Xtremepush, or here
-- decisions: clean
select
    'user_profiles' as entity,
    cleansed.profile_key as key,
    cleansed.field,
    cleansed.before as value,
    cleansed.rule as reason,
    emails.email_suggestion as suggestion,
from staging.cleansed as cleansed
inner join staging.emails as emails
    on emails.email_raw = cleansed.before
where cleansed.field = 'email'
    and cleansed.is_lost
