-- A consent record whose status or channel means nothing to us changes nothing.
-- severity: note
-- fix: add the word to 0_settings/consent_words.csv or consent_channels.csv
select
    'consents' as entity,
    consents.record_key as key,
    case when words.text is null then 'status' else 'channel' end as field,
    case when words.text is null then consents.status_raw else consents.channel_raw end as value,
    'this word is in no list' as reason,
    null as suggestion,
from staging.consents as consents
left join settings.consent_channels as channels on channels.text = consents.channel_raw
left join settings.consent_words as words on words.text = consents.status_raw
where consents.fate = 'kept'
  and (words.text is null or (channels.text is null and consents.channel_raw is not null))
