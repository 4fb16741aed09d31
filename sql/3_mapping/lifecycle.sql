-- The lifecycle stage of each person in Freshsales' words; a stage nobody mapped stays empty and is listed.
-- one row per person_key
with

stages as (
    select person_key, trim(lifecycle_stage) as original
    from matching.golden
    where not is_anonymous
      and trim(lifecycle_stage) <> ''
),

mapped as (
    select
        stages.person_key,
        stages.original,
        lifecycle_map.lifecycle_stage,
        nullif(trim(lifecycle_map.contact_status), '') as contact_status,
    from stages
    left join settings.lifecycle_map
        on lower(trim(lifecycle_map.source)) = lower(stages.original)
)

select * from mapped
