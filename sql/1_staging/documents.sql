-- Documents from customer files, with the profile they belong to.
-- one row per record_key
with

typed as (
    select
        _file || ':' || _record as record_key,
        nullif(trim(document_id), '') as given_id,
        nullif(trim(profile_id), '') as profile_id,
        nullif(trim(user_id), '') as user_id,
        nullif(trim(shown(file_name)), '') as file_name,
        nullif(trim(path), '') as path,
        nullif(trim(content_type), '') as content_type,
        instant(created_at, orders.month_first['created_at']) as created_at,
        _landed_at as landed_at,
    from landed.documents
    left join staging.time_orders as orders on orders.entity = 'documents'
),

keyed as (
    select
        *,
        coalesce(given_id, md5(concat_ws('|', profile_id, user_id, path, file_name))) as document_id,
    from typed
),

owned as (
    select keyed.*, named.profile_key
    from keyed
    left join staging.named_profiles as named
        on named.profile_id = coalesce(keyed.profile_id, '')
        and named.user_id = coalesce(keyed.user_id, '')
        and named.device_id = ''
),

judged as (
    select
        * exclude (landed_at),
        case
            when row_number() over (partition by coalesce(document_id, record_key) order by landed_at desc, record_key desc) = 1 then 'kept'
            else 'repeated'
        end as fate,
    from owned
)

select * from judged
