-- Opt-outs that name nobody in the profile export; where they could mean somebody, that person is held.
-- severity: note
-- fix: export the profiles they name too, or correct their ids and addresses; without an answer they stay behind
-- decisions: accept
with

lost as (
    select
        consents.source_file,
        consents.record_key,
        consents.device_id is not null and consents.profile_id is null and consents.user_id is null and consents.address is null as is_device_only,
        consents.device_id is null and consents.profile_id is null and consents.user_id is null and consents.address is null as is_nameless,
        coalesce('profile id ' || consents.profile_id, 'user id ' || consents.user_id, 'address of record ' || consents.record_key, consents.record_key) as named,
        suspects.stream_key is not null as may_be_somebody,
    from mapping.consent_streams as streams
    inner join staging.consents as consents on consents.record_key = streams.record_key
    left join (select distinct stream_key from mapping.consent_suspects) as suspects on suspects.stream_key = streams.stream_key
    left join (select distinct address from staging.addressed_profiles where is_sure) as reached on reached.address = streams.address
    where streams.profile_key is null
      and streams.answer in ('no', 'unknown')
      and reached.address is null
),

reasoned as (
    select
        *,
        case
            when is_device_only then 'names a device of nobody'
            when is_nameless then 'names neither a person nor an address'
            when may_be_somebody then 'may mean somebody, who is held'
            else 'names nobody in the profile export'
        end as why,
    from lost
)

select
    'consents' as entity,
    source_file || ': ' || why as key,
    null as field,
    count(distinct record_key)::varchar as value,
    count(distinct record_key) || case when count(distinct record_key) = 1 then ' opt-out ' else ' opt-outs ' end || if(count(distinct record_key) = 1, why, replace(replace(why, 'names ', 'name '), 'who is held', 'who are held'))
        || ', such as ' || array_to_string(list(distinct named order by named)[1:3], ', ') as reason,
    null as suggestion,
from reasoned
group by source_file, why
