-- What can be told of the data as a whole. Careless typing: whether certain persons are often seen with two given names or two
-- birth dates. Only registers typed by others are so; where people have mailboxes and numbers, two names on one of them are two
-- people. Families: whether one name on one mailbox, or on one number, is often parent and child, to be seen where both birth dates are
-- known.
-- one row per name
with
options as (
    select
        max(value::double) filter (name = 'careless_from') as careless_from,
        max(value::double) filter (name = 'namesakes_from') as namesakes_from,
    from settings.match_options
),
compared as (
    select given_name, surname, birth_date, email, phone, place, home
    from matching.comparisons
    where given_name is not null
        and surname >= 5
        and birth_date is not null
),
reachable as (
    select avg((email is not null or phone is not null)::integer) as share
    from matching.features
),
-- certain is a pair that has everything else in common
counted as (
    select 'different given names' as name, count(*) as pairs, coalesce(avg((given_name <= 1)::integer), 0) as share
    from compared
    where birth_date = 7
        and (email >= 3 or phone >= 1 or place >= 4 or home >= 2)
    union all
    select 'different birth dates' as name, count(*) as pairs, coalesce(avg((birth_date = 0)::integer), 0) as share
    from compared
    where given_name >= 5
        and (email >= 3 or phone >= 2 or home >= 3)
    union all
    select 'namesakes on one mailbox' as name, count(*) as pairs, coalesce(avg((birth_date = 0)::integer), 0) as share
    from compared
    where given_name >= 5
        and email >= 4
        and coalesce(phone < 3, true)
    union all
    select 'namesakes on one number' as name, count(*) as pairs, coalesce(avg((birth_date = 0)::integer), 0) as share
    from compared
    where given_name >= 5
        and phone >= 3
        and coalesce(email < 4, true)
)
select
    name,
    pairs,
    counted.share,
    if(
        starts_with(name, 'namesakes'),
        pairs >= 20 and counted.share >= namesakes_from,
        -- twins and juniors look certain too, but they are never many
        pairs >= greatest(100, (select count(*) from matching.features) / 10)
            and reachable.share < 0.1
            and counted.share >= careless_from
    ) as is_habit,
from counted
cross join reachable
cross join options
