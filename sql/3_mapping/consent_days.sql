-- The day of each yes: an earlier no of the same channel ends by a later one only, whatever was said on others since.
-- one row per person_key, channel
select person_key, channel, source_day(updated_at) as said_on
from mapping.consent
where state = 'opted in'
  and updated_at is not null
