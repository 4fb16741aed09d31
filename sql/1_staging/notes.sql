-- Notes from customer files, with the profile they belong to.
-- one row per record_key
with

typed as (
    select
        _file || ':' || _record as record_key,
        nullif(trim(note_id), '') as given_id,
        nullif(trim(profile_id), '') as profile_id,
        nullif(trim(user_id), '') as user_id,
        nullif(trim(body), '') as body,
        nullif(trim(author), '') as author,
        instant(created_at, orders.month_first['created_at']) as created_at,
        _landed_at as landed_at,
    from landed.notes
    left join staging.time_orders as orders on orders.entity = 'notes'
),

keyed as (
    select
        *,
        coalesce(given_id, md5(concat_ws('|', profile_id, user_id, body, created_at::varchar))) as note_id,
    from typed
),

owned as (
    select
        keyed.*,
        coalesce(by_profile.profile_key, by_user.profile_key) as profile_key,
    from keyed
    left join staging.identities as by_profile
        on by_profile.kind = 'profile' and by_profile.id = keyed.profile_id
    left join staging.identities as by_user
        on by_user.kind = 'user' and by_user.id = keyed.user_id
),

judged as (
    select
        * exclude (landed_at),
        case
            when row_number() over (partition by coalesce(note_id, record_key) order by landed_at desc, record_key desc) = 1 then 'kept'
            else 'repeated'
        end as fate,
    from owned
)

select * from judged
