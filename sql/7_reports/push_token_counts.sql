-- How many push tokens there are per platform and environment of the app, and how many can still be reached.
-- one row per platform, environment
select
    platform,
    coalesce(environment, 'not said') as environment,
    count(*) as tokens,
    count(*) filter (where subscription and coalesce(registered, true)) as reachable,
    max(last_session_at) as last_session_at,
from reports.push_tokens
group by 1, 2
order by tokens desc, platform, environment
