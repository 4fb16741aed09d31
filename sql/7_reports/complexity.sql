-- How hard this migration is, from numbers anybody can check: each input gives up to its maximum of points, and their sum a grade from A to D.
-- one row per position
with

measured as (
    select * from (values
        (1::bigint, 'people', (select count(*) from freshsales.contacts)::double, 1000000.0, 15.0::double, 'contacts to send'),
        (2, 'duplicates', (select count(*) filter (where profile_key <> person_key) / greatest(count(*), 1)::double from matching.people), 0.2, 15.0, 'share of profiles merged into another'),
        (3, 'attributes', (select count(*) from mapping.proposals where decision = 'send')::double, 100.0, 15.0, 'attributes that need a place'),
        (4, 'unsure mappings', (select count(*) from mapping.proposals where decision = 'send' and not is_confirmed and confidence < 0.8)::double, 50.0, 10.0, 'attributes we are less than 80 % sure of'),
        (5, 'findings', (select count(distinct key) from checks.findings where severity <> 'note' and rule <> 'contact_consent_unproven') / greatest((select count(*) from freshsales.contacts), 1)::double, 0.3, 15.0, 'share of contacts held by a rule'),
        (6, 'activity', (select count(*) from freshsales.tasks) + (select count(*) from freshsales.sales_activities)::double, 500000.0, 15.0, 'activities, one call each'),
        (7, 'to rebuild', (select count(*) from staging.campaigns where fate = 'kept') + (select count(*) from staging.gamification_rules where fate = 'kept')::double, 300.0, 10.0, 'campaigns and loyalty rules to rebuild by hand'),
        (8, 'unreadable records', (select coalesce(sum(rejected), 0) / greatest(sum(records), 1)::double from reports.entity_counts), 0.01, 5.0, 'share of records that could not be read')
    ) as measured (position, input, value, full_at, maximum, note)
),

-- Points grow with the square root, because the first thousand of anything are the hardest.
pointed as (
    select
        position,
        input,
        round(value, 4) as value,
        round(maximum * least(1, sqrt(greatest(value, 0) / full_at)), 1) as points,
        maximum::double as maximum,
        note,
    from measured
),

total as (
    select
        99 as position,
        'grade' as input,
        round(sum(points), 1) as value,
        round(sum(points), 1) as points,
        sum(maximum)::double as maximum,
        case when (select coalesce(sum(records - rejected), 0) from reports.entity_counts) = 0 then 'not known: nothing could be read' when sum(points) < 25 then 'A: simple' when sum(points) < 40 then 'B: moderate' when sum(points) < 55 then 'C: demanding' else 'D: complex' end as note,
    from pointed
)

select * from pointed
union all
select * from total
order by position
