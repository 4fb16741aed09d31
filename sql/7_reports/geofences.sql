-- Every place and beacon, listed because Freshsales has nothing to hold them.
-- one row per kind, location_id
select
    kind,
    location_id,
    title,
    address,
    latitude,
    longitude,
    radius,
    nullif(concat_ws(' / ', beacon_uuid, beacon_major, beacon_minor), '') as beacon,
    is_enabled as enabled,
from staging.geofences
where fate = 'kept'
  and location_id is not null
order by kind, title, location_id
