-- Whom an opt-out that finds nobody may mean: by the digits of its id, an id in the wrong column or cut by a spreadsheet, or its address.
-- one row per stream_key, profile_key
with

-- One record of each stream without an owner; a yes that finds nobody harms nobody.
lost as (
    select streams.stream_key, consents.address, [tidy_id(consents.profile_id), tidy_id(consents.user_id)] as ids
    from mapping.consent_streams as streams
    inner join staging.consents as consents on consents.record_key = streams.record_key
    where streams.profile_key is null
      and streams.answer in ('no', 'unknown')
),

spelt as (
    select
        stream_key,
        id,
        ltrim(lower(regexp_replace(id, '[^\p{L}\p{N}]', '', 'g')), '0') as folded,
        ltrim(digits_of(id), '0') as digits,
        regexp_full_match(id, '[0-9]+') as is_number,
        rounded_from(id) as lowest,
        rounded_to(id) as highest,
    from (select stream_key, unnest(list_distinct(ids)) as id from lost)
    where id is not null
),

known as (
    select distinct
        records.profile_key,
        ids.id,
        ltrim(lower(regexp_replace(ids.id, '[^\p{L}\p{N}]', '', 'g')), '0') as folded,
        ltrim(digits_of(ids.id), '0') as digits,
        regexp_full_match(ids.id, '[0-9]+') as is_number,
        if(regexp_full_match(ids.id, '[0-9]+'), try_cast(ids.id as hugeint), null) as number,
    from staging.record_keys as keys
    inner join staging.profile_records as records on records.record_key = keys.record_key
    cross join lateral (select unnest([keys.profile_id_written, keys.user_id_written]) as id) as ids
    where ids.id is not null
      and lower(ids.id) not in (select lower(text) from settings.no_ids where text is not null)
),

by_id as (
    select spelt.stream_key, known.profile_key, 'its id may be ' || known.id as reason
    from spelt
    inner join known on known.folded = spelt.folded
    where spelt.folded <> ''
    union all
    select spelt.stream_key, known.profile_key, 'its id may be ' || known.id as reason
    from spelt
    inner join known on known.digits = spelt.digits
    where spelt.digits <> '' and (spelt.is_number or known.is_number)
    union all
    -- whatever a spreadsheet rounded may be each id that it would show so
    select spelt.stream_key, known.profile_key, 'its id was rounded by a spreadsheet and may be ' || known.id as reason
    from spelt
    inner join known on known.number between spelt.lowest and spelt.highest
    union all
    -- no number of more than fifteen digits keeps its last ones
    select spelt.stream_key, known.profile_key, 'its id was rounded by a spreadsheet and may be ' || known.id as reason
    from spelt
    inner join known on left(known.digits, 14) = left(spelt.digits, 14) and length(known.digits) = length(spelt.digits)
    where length(spelt.digits) > 15 and spelt.is_number and known.is_number
      and abs(known.number - try_cast(spelt.digits as hugeint)) < pow(10, length(spelt.digits) - 15)
),

by_address as (
    select lost.stream_key, addressed.profile_key, 'its address is like that of this person' as reason
    from lost
    inner join staging.addressed_profiles as addressed
        on addressed.address = lost.address
        and not addressed.is_sure
    anti join (select address from staging.addressed_profiles where is_sure) as reached on reached.address = lost.address
),

together as (
    select stream_key, profile_key, min(reason) as reason
    from (select * from by_id union all select * from by_address)
    group by stream_key, profile_key
),

-- One rounded number that may be very many people is one question, not one for each; what was answered to it is believed.
counted as (
    select
        together.stream_key,
        together.profile_key,
        together.reason,
        count(*) over (partition by together.stream_key) > 20 as is_one_of_many,
        coalesce(lost.address, lost.ids[1], lost.ids[2]) as written,
    from together
    inner join lost on lost.stream_key = together.stream_key
),

answered as (
    select key from settings.decisions where rule = 'opt_out_may_be_of_many' and decision = 'accept'
)

select counted.*
from counted
anti join answered on answered.key = counted.written and counted.is_one_of_many
