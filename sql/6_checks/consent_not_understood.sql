-- A word of status or channel that no list knows: whoever it was said of is not written to before it has a meaning.
-- severity: note
-- fix: tell us what the word means: yes, no, or not asked
-- engineer: give the word a meaning: ferry sql copy settings.consent_words or settings.consent_channels, edit it, then ferry transform
with

status_words as (
    select 'status' as field, consents.status_raw as word, consents.record_key as place, consents.profile_key
    from staging.consents as consents
    where consents.status_raw is null
       or plain_word(consents.status_raw) not in (select plain_word(text) from settings.consent_words where text is not null)
),

channel_words as (
    select 'channel' as field, consents.channel_raw as word, consents.record_key as place, consents.profile_key
    from staging.consents as consents
    where plain_word(consents.channel_raw) not in (select plain_word(text) from settings.consent_channels where text is not null)
),

profile_words as (
    select name as field, lower(written) as word, answer_key as place, profile_key
    from staging.consent_answers
    where answer = 'unknown' and is_strange
),

together as (
    select * from status_words
    union all
    select * from channel_words
    union all
    select * from profile_words
)

select
    case when field in ('status', 'channel') then 'consents' else 'user_profiles' end as entity,
    field || ': ' || coalesce(word, '(empty)') as key,
    field,
    coalesce(word, '(empty)') as value,
    'nobody knows what this word means; it makes ' || count(distinct coalesce(profile_key, place))
        || case when count(distinct coalesce(profile_key, place)) = 1 then ' person or record' else ' people or records' end || ' unknown' as reason,
    null as suggestion,
from together
group by field, word
