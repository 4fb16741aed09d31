-- An answer about something that no longer exists changes nothing.
-- severity: note
-- fix: nothing to do; the record is gone or has another key since
with

known as (
    select contact_key as key from freshsales.contacts
    union all
    select account_key as key from freshsales.accounts
    union all
    select profile_key as key from matching.people
    union all
    select deal_key as key from freshsales.deals
),

stale as (
    select
        'decisions' as entity,
        decisions.key as key,
        decisions.rule as field,
        decisions.decision as value,
        'no record has this key any more' as reason,
        null as suggestion,
    from settings.decisions as decisions
    anti join known on known.key = decisions.key
    where decisions.key is not null
      and not contains(decisions.key, '|')
)

select * from stale
