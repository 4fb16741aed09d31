-- Every segment, list and loyalty segment, with its rule as JSON.
-- one row per record_key
with

typed as (
    select
        _file || ':' || _record as record_key,
        coalesce(nullif(lower(trim(kind)), ''), 'segment') as kind,
        given(segment_id) as segment_id,
        given(shown(title)) as title,
        given(conditions) as conditions,
        given(member_type) as member_type,
        try_cast(trim(member_count) as bigint) as member_count,
        try_cast(trim(active) as boolean) as is_active,
        instant(create_time, orders.month_first['create_time']) as created_at,
        instant(update_time, orders.month_first['update_time']) as updated_at,
        _landed_at as landed_at,
    from landed.segments
    left join staging.time_orders as orders on orders.entity = 'segments'
),

keyed as (
    select
        *,
        kind || ':' || segment_id as segment_key,
    from typed
),

judged as (
    select
        * exclude (landed_at),
        case
            when row_number() over (partition by coalesce(segment_key, record_key) order by updated_at desc nulls last, landed_at desc, record_key desc) = 1 then 'kept'
            else 'repeated'
        end as fate,
    from keyed
)

select * from judged
