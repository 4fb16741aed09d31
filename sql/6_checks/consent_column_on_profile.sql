-- A column of the profiles or of the consent records speaks of consent: a no there counts as a no at once, and nothing there counts as a yes.
-- severity: note
-- fix: tell us what this column means, and for which channel
-- engineer: say what the column means: a line settled or apart with = and its name in settings.consent_columns (ferry sql copy settings.consent_columns), then ferry transform
with

counted as (
    select
        entity,
        name,
        any_value(says) as says,
        string_agg(distinct channel, ', ' order by channel) as channels,
        count(distinct coalesce(profile_key, record_key)) filter (where answer = 'no') as refusals,
        count(distinct coalesce(profile_key, record_key)) filter (where answer = 'unknown') as unclear,
        count(distinct coalesce(profile_key, record_key)) filter (where answer in ('agreed', 'yes')) as agreed,
    from staging.consent_answers
    where says <> 'flag'
    group by entity, name
)

select
    entity,
    name as key,
    name as field,
    channels as value,
    'read as ' || case says when 'refusal' then 'a refusal' when 'agreement' then 'an agreement' when 'until' then 'the end of an agreement' when 'list' then 'a list of channels' else 'a preference' end || ' for ' || channels
        || ': ' || refusals || ' said no, ' || unclear || ' could not be read and are unknown, ' || agreed || ' did not say no' as reason,
    null as suggestion,
from counted
