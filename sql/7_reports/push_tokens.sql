-- Push tokens by platform, for the next push provider; sensitive, and never sent to Freshsales.
-- one row per device_id
select
    coalesce(devices.platform, 'unknown') as platform,
    devices.token,
    devices.environment,
    case when people.decided_by not in ('anonymous', 'deleted') then people.person_key end as contact_key,
    profiles.user_id,
    devices.is_subscribed as subscription,
    devices.is_registered as registered,
    devices.device_id,
    devices.device_model,
    devices.device_os,
    devices.last_session_at,
from staging.devices as devices
left join matching.people as people on people.profile_key = devices.profile_key
left join staging.profiles as profiles on profiles.profile_key = devices.profile_key
where devices.fate = 'kept'
  and devices.token is not null
  and devices.device_id is not null
order by platform, devices.device_id
