-- The numbers on the first page of each workbook; the rows of a section add up to its total.
-- one row per workbook, position
with

-- What becomes of a record, in the words of every workbook: arrives, waits, or stays behind.
standings as (
    select
        entity,
        records,
        case
            when fate in ('pending', 'conflict', 'unchanged', 'updated', 'created') then 'arrive in Freshsales'
            when fate in ('held', 'blocked') then 'wait for an answer'
            when fate = 'refused' then 'refused by Freshsales'
            when fate = 'merged' then 'go into another record'
            when fate = 'summarised' then 'counted in summaries'
            when fate = 'documented' then 'listed in the hand-over'
            when fate = 'repeated' then 'the same record again'
            when fate = 'rejected' then 'could not be read'
            when fate = 'anonymous' then 'nobody knows whose they are'
            when fate = 'orphan' then 'their person was not exported'
            when fate = 'deleted' then 'left out by your decision'
            else 'left out by agreement'
        end as label,
        case
            when fate in ('pending', 'conflict', 'unchanged', 'updated', 'created') then 1
            when fate in ('merged', 'summarised') then 2
            when fate = 'documented' then 3
            when fate in ('held', 'blocked', 'refused') then 4
            else 5
        end as place,
    from reports.fate_counts
),

everything as (
    select place, label, sum(records) as value
    from standings
    group by all
),

scope_questions as (
    select 'scope' as workbook, 100 + position as position, 'Three questions that matter' as section, question as label, records::double as value, why as note, false as is_total
    from reports.scope_questions
),

-- as activity is carried now
scope_hours as (
    select
        'scope' as workbook,
        200 + row_number() over (order by costs.calls_per_hour, costs.plan) as position,
        'Hours of the load, by plan of Freshsales' as section,
        costs.plan as label,
        costs.hours::double as value,
        format('{:,}', costs.calls) || ' calls' || case when costs.hours <= wanted.hours then ', fits into ' else ', more than the ' end || wanted.hours::bigint || ' hours wanted'
            || case when costs.plan in (select plan from reports.field_budget where not fits) then ', but not all custom fields fit' else '' end as note,
        false as is_total,
    from reports.scope_costs as costs
    cross join (select window_hours::double as hours from staging.typed_options) as wanted
    where contains(costs.note, 'this is set now')
),

scope_funnel as (
    select 'scope' as workbook, row_number() over (order by place, value desc, label) as position, 'All records of the exports' as section, label, value::double as value, null as note, false as is_total from everything
    union all
    select 'scope', 99, 'All records of the exports', 'read', (select sum(records) from reports.entity_counts)::double, null, true
),

profiles as (
    select place, label, sum(records) as value
    from standings
    where entity = 'user_profiles'
    group by all
),

scope_people as (
    select 'scope' as workbook, 300 + row_number() over (order by place, value desc, label) as position, 'Profiles' as section, label, value::double as value, null as note, false as is_total from profiles
    union all
    select 'scope', 399, 'Profiles', 'read', (select records from reports.entity_counts where entity = 'user_profiles')::double, null, true
),

scope_targets as (
    select
        'scope' as workbook, 400 + position as position, 'What Freshsales will get' as section, phase as label, (planned - held - blocked - refused)::double as value,
        case when held + blocked > 0 then format('{:,}', held + blocked) || ' more wait for an answer' end as note, false as is_total
    from reports.phases
    where planned > 0
    union all
    select 'scope', 498, 'What Freshsales will get', 'wait, or were refused', (select sum(held + blocked + refused) from reports.phases)::double, null, false
    union all
    select 'scope', 499, 'What Freshsales will get', 'records', (select sum(planned) from reports.phases)::double, null, true
),

scope_grade as (
    select 'scope' as workbook, 500 + position as position, 'Complexity' as section, input as label, points as value, note, position = 99 as is_total from reports.complexity
),

mapping_states as (
    select
        case
            when is_confirmed and decision = 'send' then 'confirmed'
            when is_confirmed then 'left behind, confirmed'
            when decision = 'skip' then 'left behind by agreement'
            when confidence >= 0.8 then 'proposed, quite sure'
            else 'proposed, please look'
        end as label,
        count(*) as value,
    from mapping.proposals
    group by all
),

mapping_figures as (
    select 'mapping' as workbook, 100 + row_number() over (order by value desc, label) as position, 'Attributes' as section, label, value::double as value, null as note, false as is_total from mapping_states
    union all
    select 'mapping', 199, 'Attributes', 'all attributes', (select count(*) from mapping.proposals)::double, null, true
),

mapping_fields as (
    select 'mapping' as workbook, 200 + row_number() over (order by count(*) desc, type) as position, 'Custom fields by type' as section, type as label, count(*)::double as value, null as note, false as is_total
    from freshsales.fields
    group by type
    union all
    select 'mapping', 299, 'Custom fields by type', 'custom fields', (select count(*) from freshsales.fields)::double, null, true
),

contact_states as (
    select
        case when fate in ('held', 'blocked') then 'wait for an answer' when fate = 'refused' then 'refused by Freshsales' else 'arrive in Freshsales' end as label,
        count(*) as value,
    from reports.targets
    where entity = 'contacts'
    group by all
),

quality_figures as (
    select 'quality' as workbook, 100 + row_number() over (order by value desc, label) as position, 'Contacts' as section, label, value::double as value, null as note, false as is_total from contact_states
    union all
    select 'quality', 199, 'Contacts', 'contacts', (select count(*) from reports.targets where entity = 'contacts')::double, null, true
),

quality_rules as (
    select 'quality' as workbook, 200 + row_number() over (order by case severity when 'stop' then 1 when 'hold' then 2 else 3 end) as position, 'Findings' as section,
        case severity when 'stop' then 'nothing can be loaded' when 'hold' then 'hold a record back' else 'only told' end as label,
        count(*)::double as value, null as note, false as is_total
    from checks.findings
    group by severity
    union all
    select 'quality', 299, 'Findings', 'findings', (select count(*) from checks.findings)::double, null, true
),

questions as (
    select count(*) as open from (
        select 1 from reports.quality where decision is null and decisions <> ''
        union all
        select 1 from reports.pairs where decision is null
    )
),

quality_questions as (
    select 'quality' as workbook, 301 as position, 'Questions' as section, 'not answered yet' as label, open::double as value,
        (select string_agg(waiting_before || ' → ' || waiting_after || ' waiting on ' || strftime(day, '%-d %B %Y'), '; ' order by round) from reports.rounds) as note, false as is_total
    from questions
    union all
    select 'quality', 302, 'Questions', 'answered', (select count(*) from settings.decisions where coalesce(key, '') <> '' and decision <> '')::double, null, false
),

loaded_fates as (
    select fate as label, count(*) as value
    from reports.targets
    group by fate
),

reconciliation_figures as (
    select 'reconciliation' as workbook, 100 + row_number() over (order by value desc, label) as position, 'What became of every record' as section, label, value::double as value, null as note, false as is_total from loaded_fates
    union all
    select 'reconciliation', 199, 'What became of every record', 'planned', (select sum(planned) from reports.phases)::double, null, true
),

read_back as (
    select 'reconciliation' as workbook, 200 + row_number() over (order by sum(records) desc, class) as position, 'Read back' as section, class as label, sum(records)::double as value, null as note, false as is_total
    from reports.readback
    group by class
    union all
    select 'reconciliation', 299, 'Read back', 'records read back', sum(records)::double, null, true
    from reports.readback
    having sum(records) > 0
),

handover_figures as (
    select 'handover' as workbook, 101 as position, 'To rebuild by hand' as section, 'campaigns' as label, (select count(*) from reports.campaign_inventory)::double as value, null as note, false as is_total
    union all
    select 'handover', 102, 'To rebuild by hand', 'segments and lists', (select count(*) from reports.segment_rules)::double, null, false
    union all
    select 'handover', 103, 'To rebuild by hand', 'loyalty rules', (select count(*) from reports.gamification)::double, null, false
    union all
    select 'handover', 104, 'To rebuild by hand', 'places and beacons', (select count(*) from reports.geofences)::double, null, false
    union all
    select 'handover', 199, 'To rebuild by hand', 'things', (
        (select count(*) from reports.campaign_inventory) + (select count(*) from reports.segment_rules)
        + (select count(*) from reports.gamification) + (select count(*) from reports.geofences)
    )::double, null, true
),

handover_tokens as (
    select 'handover' as workbook, 200 + row_number() over (order by sum(tokens) desc, platform) as position, 'Push tokens' as section, platform as label, sum(tokens)::double as value, sum(reachable) || ' can still be reached' as note, false as is_total
    from reports.push_token_counts
    group by platform
    union all
    select 'handover', 299, 'Push tokens', 'push tokens', (select count(*) from reports.push_tokens)::double, null, true
),

together as (
    select * from scope_funnel
    union all
    select * from scope_questions
    union all
    select * from scope_hours
    union all
    select * from scope_people
    union all
    select * from scope_targets
    union all
    select * from scope_grade
    union all
    select * from mapping_figures
    union all
    select * from mapping_fields
    union all
    select * from quality_figures
    union all
    select * from quality_rules
    union all
    select * from quality_questions
    union all
    select * from reconciliation_figures
    union all
    select * from read_back
    union all
    select * from handover_figures
    union all
    select * from handover_tokens
)

select * from together
order by workbook, position
