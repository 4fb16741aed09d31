-- Who is in which segment or list, with the profile each member belongs to. A file whose rows of a segment all bear
-- one time is a snapshot of it: who is missing from the newest one has left.
-- one row per record_key
with

-- Columns beside the id that name the segment.
names as (
    select coalesce(list(written_name order by written_name), []) as title_names
    from (select distinct unnest(json_keys(_extra)) as written_name from landed.segment_memberships)
    where regexp_full_match(
        regexp_replace(strip_accents(lower(written_name)), '[^a-z0-9]+', '', 'g'),
        '(segment|list|audience|group|verteiler|liste|segmento|lista|gruppe)?(name|title|label|titel|titre|nombre|nome|nom|naam|nazwa)|segment|audience|verteiler'
    )
),

typed as (
    select
        _file || ':' || _record as record_key,
        _file as source_file,
        coalesce(nullif(lower(trim(kind)), ''), 'segment') as kind,
        nullif(trim(segment_id), '') as segment_id,
        nullif(trim(profile_id), '') as profile_id,
        nullif(trim(user_id), '') as user_id,
        nullif(trim(device_id), '') as device_id,
        nullif(trim(identifier), '') as identifier,
        list_filter(list_transform(names.title_names, lambda name: trim(json_extract_string(_extra, place_of(name)))), lambda cell: cell <> '')[1] as title_beside,
        instant(snapshot_time, orders.month_first['snapshot_time']) as snapshot_at,
    from landed.segment_memberships
    cross join names
    left join staging.time_orders as orders on orders.entity = 'segment_memberships'
),

-- Lists name their members by user id, e-mail or profile id, whatever was uploaded.
emails as (
    select email, min_by(profile_key, (length(profile_key), profile_key)) as profile_key
    from staging.profiles
    where email is not null
    group by email
),

owned as (
    select
        typed.*,
        typed.kind || ':' || typed.segment_id as segment_key,
        coalesce(named.profile_key, by_device.profile_key, listed.by_user_id, listed.by_profile_id, emails.profile_key) as profile_key,
    from typed
    left join staging.named_profiles as named
        on named.profile_id = coalesce(typed.profile_id, '')
        and named.user_id = coalesce(typed.user_id, '')
        and named.device_id = ''
    left join staging.named_profiles as by_device
        on by_device.profile_id = ''
        and by_device.user_id = ''
        and by_device.device_id = typed.device_id
    left join staging.named_profiles as listed
        on listed.profile_id = coalesce(typed.identifier, '')
        and listed.user_id = coalesce(typed.identifier, '')
        and listed.device_id = ''
    left join emails on emails.email = lower(typed.identifier)
),

snapshots as (
    select
        segment_key,
        source_file,
        min(snapshot_at) as taken_at,
    from owned
    group by segment_key, source_file
    having count(*) = count(snapshot_at) and min(snapshot_at) = max(snapshot_at)
),

newest as (
    select segment_key, max(taken_at) as taken_at
    from snapshots
    group by segment_key
),

judged as (
    select
        owned.*,
        coalesce(snapshots.taken_at < newest.taken_at, false) as is_superseded,
        case
            when snapshots.taken_at < newest.taken_at then 'repeated'
            when row_number() over (
                partition by
                    owned.segment_key,
                    coalesce(profile_key, profile_id, user_id, device_id, identifier, record_key)
                order by snapshot_at desc nulls last, record_key desc
            ) = 1 then 'kept'
            else 'repeated'
        end as fate,
    from owned
    left join snapshots on snapshots.segment_key = owned.segment_key and snapshots.source_file = owned.source_file
    left join newest on newest.segment_key = owned.segment_key
)

select * from judged
