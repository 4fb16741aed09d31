-- Words such as NULL or guest stand where an id should be; they name nobody and join nobody.
-- severity: note
-- fix: nothing, if these are no ids; otherwise tell us that they are
-- engineer: take the word out of settings.no_ids (ferry sql copy settings.no_ids), then ferry transform
with

written as (
    select 'profile_id' as field, profile_id_written as word, profile_problem as problem from staging.record_keys
    union all
    select 'user_id' as field, user_id_written as word, user_problem as problem from staging.record_keys
)

select
    'user_profiles' as entity,
    field || ' ' || word as key,
    field,
    word as value,
    count(*) || case when count(*) = 1 then ' profile has' else ' profiles have' end || ' this word instead of an id' as reason,
    null as suggestion,
from written
where problem = 'this word is no id'
group by field, word
