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
        case
            when answers.decision = 'change' then answers.value
            when answers.decision is distinct from 'skip' then lifecycle_map.lifecycle_stage
        end as lifecycle_stage,
        case
            when answers.decision = 'change' then answers.second_value
            when answers.decision is distinct from 'skip' then nullif(trim(lifecycle_map.contact_status), '')
        end as contact_status,
    from stages
    left join settings.lifecycle_map
        on lower(trim(lifecycle_map.source)) = lower(stages.original)
    left join mapping.list_answers as answers
        on answers.list = 'lifecycle_map'
        and answers.item = lower(stages.original)
)

select * from mapped
