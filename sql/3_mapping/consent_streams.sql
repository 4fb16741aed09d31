-- What each stream of statements comes to: the newest understood word, unless something not understood is newer; an undated no stays.
-- one row per stream_key
with

newest as (
    select
        stream_key,
        max(updated_at) filter (where answer <> 'unknown') as understood_at,
    from mapping.consent_statements
    group by stream_key
),

weighed as (
    select
        said.stream_key,
        any_value(said.profile_key) as profile_key,
        any_value(said.channel) as channel,
        max(said.address) as address,
        bool_or(said.answer = 'no' and said.updated_at is null) as has_undated_no,
        bool_or(said.answer = 'no' and said.updated_at = newest.understood_at) as is_newest_no,
        bool_or(said.answer = 'unknown' and (said.updated_at is null or newest.understood_at is null or said.updated_at >= newest.understood_at)) as has_newer_unknown,
        bool_or(said.answer = 'yes' and said.updated_at is not distinct from newest.understood_at) as is_newest_yes,
        count(*) as statements,
        any_value({'record_key': said.record_key, 'source': said.source, 'type': said.type, 'updated_at': said.updated_at}) as only_ground,
    from mapping.consent_statements as said
    inner join newest on newest.stream_key = said.stream_key
    group by said.stream_key
),

stood as (
    select
        *,
        case
            when has_undated_no then 'no'
            when is_newest_no and not has_newer_unknown then 'no'
            when has_newer_unknown then 'unknown'
            when is_newest_yes then 'yes'
            else 'agreed'
        end as answer,
    from weighed
),

-- The statement that the answer rests on: of most streams there is but one.
grounds as (
    select
        stood.stream_key,
        min_by(
            {'record_key': said.record_key, 'source': said.source, 'type': said.type, 'updated_at': said.updated_at},
            (said.answer <> stood.answer, -epoch(coalesce(said.updated_at, '1970-01-01'::timestamptz)), said.statement_key)
        ) as ground,
    from stood
    inner join mapping.consent_statements as said on said.stream_key = stood.stream_key
    where stood.statements > 1
    group by stood.stream_key
),

told as (
    select
        stood.stream_key,
        stood.profile_key,
        stood.channel,
        stood.address,
        stood.answer,
        unnest(if(stood.statements = 1, stood.only_ground, grounds.ground)),
    from stood
    left join grounds on grounds.stream_key = stood.stream_key
)

select * from told
