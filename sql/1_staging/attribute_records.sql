-- Every landed attribute row with the profile that owns it; the newest row of a name is kept.
-- one row per record_key
with

typed as (
    select
        _file || ':' || _record as record_key,
        coalesce(lower(nullif(trim(owner_type), '')), 'profile') as owner_type,
        nullif(trim(owner_id), '') as owner_id,
        lower(trim(regexp_replace(name, '[^\p{L}\p{N}]+', '_', 'g'), '_')) as name,
        nullif(trim(value), '') as value,
        lower(nullif(trim(declared_type), '')) as declared_type,
        instant(update_time, orders.month_first['update_time']) as updated_at,
        said_until(update_time, instant(update_time, orders.month_first['update_time'])) as updated_until,
    from landed.attributes
    left join staging.time_orders as orders on orders.entity = 'attributes'
),

owned as (
    select typed.*, named.profile_key
    from typed
    left join staging.named_profiles as named
        on named.profile_id = if(typed.owner_type = 'device', '', coalesce(typed.owner_id, ''))
        and named.user_id = if(typed.owner_type = 'device', '', coalesce(typed.owner_id, ''))
        and named.device_id = if(typed.owner_type = 'device', coalesce(typed.owner_id, ''), '')
),

judged as (
    select
        *,
        case
            when row_number() over (
                partition by owner_type, coalesce(case when owner_type <> 'device' then profile_key end, owner_id, record_key), name
                order by updated_at desc nulls last, record_key desc
            ) = 1 then 'kept'
            else 'repeated'
        end as fate,
    from owned
)

select * from judged
