-- Every landed record that hangs on a person, and what becomes of it before anything is sent.
-- one row per entity, record_key
-- view
with

event_rows as (
    select
        'events' as entity,
        record_key,
        profile_key,
        person_key as contact_key,
        case when activity_key is not null then 'activities' end as target_entity,
        activity_key as target_key,
        case
            when standing <> 'carried' then standing
            when activity_key is null or is_rolled_up then 'summarised'
            else 'carried'
        end as fate,
        reason,
    from engagement.event_choices
),

interaction_rows as (
    select
        'campaign_interactions' as entity,
        facts.record_key,
        facts.profile_key,
        facts.person_key as contact_key,
        case when choices.activity_key is not null then 'activities' end as target_entity,
        choices.activity_key as target_key,
        case
            when facts.standing <> 'carried' then facts.standing
            when choices.activity_key is null or choices.is_rolled_up then 'summarised'
            else 'carried'
        end as fate,
        coalesce(facts.reason, choices.reason) as reason,
    from engagement.interaction_facts as facts
    left join engagement.campaign_choices as choices
        on choices.person_key = case when facts.standing = 'carried' then facts.person_key end
        and choices.campaign_id = facts.campaign_id
),

repeat_rows as (
    select 'events' as entity, record_key, profile_key, 'the same event again' as reason
    from staging.events
    where fate = 'repeated'
    union all
    select 'campaign_interactions' as entity, record_key, profile_key, 'the same message again' as reason
    from staging.interactions
    where fate = 'repeated'
),

-- Tags and segments the customer does not want.
skipped as not materialized (
    select list, item from mapping.list_answers
    where list in ('tags', 'segments')
      and decision = 'skip'
),

-- Records whose content goes onto the person: they share the person's way.
owned as (
    select
        'tags' as entity,
        tags.record_key,
        tags.profile_key,
        tags.fate,
        case when skipped.item is not null then 'this tag is left out by your answer' end as problem,
    from staging.tags as tags
    left join skipped on skipped.list = 'tags' and skipped.item = lower(trim(tags.tag_name))
    union all
    -- what is said of an address that several people share counts for each of them, and is filed with the first
    select
        'consents' as entity,
        consents.record_key,
        coalesce(consents.profile_key, reached.profile_key) as profile_key,
        consents.fate,
        null as problem,
    from staging.consents as consents
    left join (
        select address, min(profile_key) as profile_key
        from staging.addressed_profiles
        where is_sure
        group by address
    ) as reached
        on reached.address = case
            when consents.profile_id is null and consents.user_id is null and consents.device_id is null then consents.address
        end
    union all
    select 'loyalty' as entity, record_key, profile_key, fate, null as problem from staging.loyalty
    union all
    select
        'attributes' as entity,
        record_key,
        profile_key,
        fate,
        case when owner_type = 'device' then 'an attribute of a device, which has no place on a person' end as problem,
    from staging.attribute_records
    union all
    select
        'segment_memberships' as entity,
        memberships.record_key,
        memberships.profile_key,
        memberships.fate,
        case
            when segments.segment_key is null then 'its segment is not in the segment export'
            when skipped.item is not null then 'the tag of this segment is left out by your answer'
        end as problem,
    from staging.segment_memberships as memberships
    left join (select segment_key, coalesce(title, segment_id) as title from staging.known_segments) as segments
        on segments.segment_key = memberships.segment_key
    left join skipped on skipped.list = 'segments' and skipped.item = lower(trim(segments.title))
),

owned_rows as (
    select
        owned.entity,
        owned.record_key,
        owned.profile_key,
        people.person_key as contact_key,
        case when people.decided_by not in ('anonymous', 'deleted') then 'contacts' end as target_entity,
        case when people.decided_by not in ('anonymous', 'deleted') then people.person_key end as target_key,
        case
            when owned.fate = 'repeated' then 'repeated'
            when owned.problem like '% left out by your answer' or owned.entity = 'attributes' and owned.problem is not null then 'excluded'
            when owned.profile_key is null or owned.problem is not null then 'orphan'
            when people.decided_by in ('anonymous', 'deleted') then people.decided_by
            else 'merged'
        end as fate,
        case
            when owned.fate = 'repeated' then 'the same record again, or an older one'
            when owned.problem is not null then owned.problem
            when owned.profile_key is null then 'the person is not in the profile export'
            when people.decided_by = 'anonymous' then 'belongs to an anonymous profile'
            when people.decided_by = 'deleted' then 'the person was deleted by decision'
            else 'part of the contact'
        end as reason,
    from owned
    left join matching.people as people on people.profile_key = owned.profile_key
),

customer_rows as (
    select entity, record_key, profile_key, fate, target_entity, target_key, problem
    from (
        select
            'notes' as entity, record_key, profile_key, fate, 'notes' as target_entity, 'note:' || note_id as target_key,
            case when body is null then 'the note is empty' end as problem,
        from staging.notes
        union all
        select
            'documents' as entity, record_key, profile_key, fate, 'documents' as target_entity, 'document:' || document_id as target_key,
            case when path is null then 'no file is named' end as problem,
        from staging.documents
        union all
        select
            'activities' as entity, record_key, profile_key, fate,
            case kind when 'call' then 'phone_calls' when 'meeting' then 'appointments' when 'email' then 'sales_activities' end as target_entity,
            kind || ':' || activity_id as target_key,
            case
                when kind is null or kind not in ('call', 'meeting', 'email') then 'neither a call nor a meeting nor an e-mail'
                when started_at is null then 'no readable time'
            end as problem,
        from staging.activities
    )
),

customer_fates as (
    select
        customer_rows.entity,
        customer_rows.record_key,
        customer_rows.profile_key,
        people.person_key as contact_key,
        case
            when customer_rows.fate = 'repeated' then 'repeated'
            when customer_rows.profile_key is null then 'orphan'
            when people.decided_by in ('anonymous', 'deleted') then people.decided_by
            when customer_rows.problem is not null then 'excluded'
            else 'carried'
        end as fate,
        customer_rows.target_entity,
        customer_rows.target_key,
        case
            when customer_rows.fate = 'repeated' then 'the same record again'
            when customer_rows.profile_key is null then 'the person is not in the profile export'
            when people.decided_by = 'anonymous' then 'belongs to an anonymous profile'
            when people.decided_by = 'deleted' then 'the person was deleted by decision'
            else customer_rows.problem
        end as reason,
    from customer_rows
    left join matching.people as people on people.profile_key = customer_rows.profile_key
),

together as (
    select entity, record_key, profile_key, contact_key, target_entity, target_key, fate, reason from event_rows
    union all
    select entity, record_key, profile_key, contact_key, target_entity, target_key, fate, reason from interaction_rows
    union all
    select entity, record_key, profile_key, null as contact_key, null as target_entity, null as target_key, 'repeated' as fate, reason from repeat_rows
    union all
    select entity, record_key, profile_key, contact_key, target_entity, target_key, fate, reason from owned_rows
    union all
    select
        entity,
        record_key,
        profile_key,
        contact_key,
        case when fate = 'carried' then target_entity end as target_entity,
        case when fate = 'carried' then target_key end as target_key,
        fate,
        reason,
    from customer_fates
)

select * from together
