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
    case
        when kind = 'ibeacon' and latitude is null and longitude is null then null
        when latitude is null or longitude is null then 'no coordinates'
        when abs(latitude) > 90 then 'impossible: a latitude lies between -90 and 90'
        when abs(longitude) > 180 then 'impossible: a longitude lies between -180 and 180'
        when latitude = 0 and longitude = 0 then 'in the sea off Africa: nobody filled it in'
        when coalesce(radius, 1) <= 0 then 'a radius of nothing'
    end as problem,
    nullif(concat_ws(' / ', beacon_uuid, beacon_major, beacon_minor), '') as beacon,
    is_enabled as enabled,
from staging.geofences
where fate = 'kept'
  and location_id is not null
order by problem is null, kind, title, location_id
