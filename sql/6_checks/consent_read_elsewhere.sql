-- Something outside the fields about consent reads like a refusal: whoever has it is not written to until its meaning is settled.
-- severity: note
-- fix: tell us whether these words are a refusal, and of which channel
-- engineer: if they are none: a line apart with = and the name in settings.consent_columns (ferry sql copy settings.consent_columns), then ferry transform
with

people as (
    select kind, place, written, profile_key
    from staging.refusal_remarks
    where not is_taken_back
)

select
    case kind when 'attribute' then 'user_profiles' when 'tag' then 'tags' when 'segment' then 'segments' when 'note' then 'notes' when 'activity' then 'activities' when 'column' then 'loyalty' when 'message' then 'campaign_interactions' else 'events' end as entity,
    kind || ' ' || if(kind = 'event', min(written), place) as key,
    place as field,
    count(distinct profile_key)::varchar as value,
    count(distinct profile_key) || if(count(distinct profile_key) = 1, ' person has', ' people have') || ' words there that read like a refusal, such as: '
        || array_to_string(list_sort(list(distinct left(written, 60)))[1:3], '; ') as reason,
    null as suggestion,
from people
group by kind, place
