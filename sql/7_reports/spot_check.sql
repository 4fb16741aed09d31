-- A few dozen records for a person to look at, one block each: the people first, two fields to a line, the source beside what Freshsales shows; what differs comes first, numbers of the account are left out.
-- one row per entity, key, field
with

shown as (
    select
        entity,
        key,
        field,
        min(target_id) as target_id,
        min(sent) as sent,
        min(found) as found,
        bool_and(sent is not distinct from found) as is_same,
    from loaded.readback
    where is_spot_check
      and field is not null
    group by entity, key, field
),

-- What Xtremepush says about a person, under the name of the field it went to.
attribute_sources as (
    select
        people.person_key as key,
        proposals.name as field,
        string_agg(distinct attributes.value, ' | ' order by attributes.value) as source,
    from staging.attributes as attributes
    inner join matching.people as people on people.profile_key = attributes.profile_key
    inner join mapping.proposals as proposals
        on proposals.attribute = attributes.name
        and proposals.entity = 'contacts'
        and proposals.decision = 'send'
    where attributes.value is not null
      and people.person_key in (select key from shown where entity = 'contacts')
    group by 1, 2
),

members as (
    select
        people.person_key as key,
        string_agg(distinct profiles.email_raw, ' | ' order by profiles.email_raw) as email,
        string_agg(distinct profiles.mobile_raw, ' | ' order by profiles.mobile_raw) as mobile_number,
        string_agg(distinct profiles.first_name, ' | ' order by profiles.first_name) as first_name,
        string_agg(distinct profiles.last_name, ' | ' order by profiles.last_name) as last_name,
        string_agg(distinct profiles.user_id, ' | ' order by profiles.user_id) as external_id,
        string_agg(distinct profiles.country, ' | ' order by profiles.country) as country,
        string_agg(distinct profiles.lifecycle_stage, ' | ' order by profiles.lifecycle_stage) as lifecycle_stage,
        string_agg(distinct profiles.company_name, ' | ' order by profiles.company_name) as company_name,
    from staging.profiles as profiles
    inner join matching.people as people on people.profile_key = profiles.profile_key
    where people.person_key in (select key from shown where entity = 'contacts')
    group by people.person_key
),

profile_sources as (
    unpivot members on email, mobile_number, first_name, last_name, external_id, country, lifecycle_stage, company_name into name field value source
),

sources as (
    select key, field, source from attribute_sources
    union all
    select key, field, source from profile_sources
    anti join attribute_sources using (key, field)
),

numbered as (
    select
        shown.entity,
        shown.key,
        shown.field,
        shown.target_id,
        shown.is_same,
        sources.source,
        -- what was sent is said where it is not what is there
        case
            when shown.is_same then shown.found
            else concat_ws(' ', coalesce(shown.found, 'nothing'), '(sent: ' || coalesce(shown.sent, 'nothing') || ')')
        end as found,
        -- long texts stand beside one another, at the end
        row_number() over (partition by shown.entity, shown.key order by shown.is_same, length(shown.found) > 24, shown.field) as place,
        bool_and(shown.is_same) over (partition by shown.entity, shown.key) as is_all_same,
    from shown
    left join sources on shown.entity = 'contacts' and sources.key = shown.key and sources.field = shown.field
    -- a number that only the account knows says nothing to whoever looks, as long as it is the one that was sent
    where not (shown.is_same and sources.source is null
        and regexp_matches(shown.field, '_(id|status)$') and regexp_full_match(coalesce(shown.found, ''), '[0-9]*'))
),

-- Two fields to a line, so that a person is looked at in one glance.
abreast as (
    select
        one.*,
        other.field as field_2,
        other.source as source_2,
        other.found as found_2,
        other.is_same as is_same_2,
        coalesce(who.who_is_it, parents.who_is_it) as person,
        one.place = 1 as is_first,
    from numbered as one
    left join numbered as other
        on other.entity = one.entity
        and other.key = one.key
        and other.place = one.place + 1
    left join reports.who as who on who.key = one.key
    left join reports.targets as targets on targets.entity = one.entity and targets.key = one.key
    left join reports.who as parents on parents.key = targets.contact_key
    where one.place % 2 = 1
)

select
    case when is_first then '✓' else '' end as ticks,
    null::varchar as looked_at,
    -- the address stands among the fields
    case when is_first then coalesce(nullif(regexp_replace(person, ' *<[^>]*>$', ''), ''), person, key) end as who_is_it,
    case when is_first then entity end as kind,
    case when is_first and entity = 'contacts' then target_id end as link,
    field,
    source,
    found,
    field_2,
    source_2,
    found_2,
    concat_ws(' ', if(is_same, null, 'left'), if(is_same_2 is false, 'right', null)) as differs,
    target_id,
    entity,
    key,
from abreast
order by entity <> 'contacts', is_all_same, entity, key, place
