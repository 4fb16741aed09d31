-- How many push tokens there are per platform, and how many can still be reached.
-- one row per platform
select
    platform,
    count(*) as tokens,
    count(*) filter (where subscription and coalesce(registered, true)) as reachable,
from reports.push_tokens
group by platform
order by tokens desc, platform
