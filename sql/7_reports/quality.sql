-- Every flagged value, whom it belongs to, what can be done, and what was decided.
-- one row per finding
with

answers as (
    select
        rule,
        key,
        coalesce(field, '') as field,
        max_by(value, decided_at) as value,
        max_by(who, decided_at) as who,
    from settings.decisions
    where key is not null
    group by all
),

-- Who has the value that can be had once only: the oldest other contact.
had_once as (
    select contact_key, 'email' as field, lower(email) as value from freshsales.contacts where email is not null
    union all
    select contact_key, 'mobile_number' as field, mobile_number as value from freshsales.contacts where mobile_number is not null
    union all
    select contact_key, 'external_id' as field, lower(external_id) as value from freshsales.contacts where external_id is not null
),

sharing as (
    select
        findings.rule,
        findings.key,
        arg_min(had_once.contact_key, (coalesce(golden.created_at, '9999-12-31'::timestamptz), had_once.contact_key)) as other_key,
    from checks.findings as findings
    inner join had_once
        on had_once.field = findings.field
        and had_once.value = if(findings.field = 'mobile_number', findings.value, lower(findings.value))
        and had_once.contact_key <> findings.key
    left join matching.golden as golden on golden.person_key = had_once.contact_key
    where findings.rule in ('contact_email_taken', 'contact_mobile_taken', 'contact_mobile_moved', 'contact_external_id_taken')
    group by findings.rule, findings.key
),

others as (
    select
        sharing.rule,
        sharing.key,
        sharing.other_key,
        concat_ws(
            ', ',
            nullif(concat_ws(' ', contacts.first_name, contacts.last_name), ''),
            contacts.email,
            contacts.mobile_number,
            contacts.city,
            'customer number ' || contacts.external_id
        ) as other,
    from sharing
    inner join freshsales.contacts as contacts on contacts.contact_key = sharing.other_key
),

findings as (
    select
        row_number() over (
            order by
                case findings.severity when 'stop' then 1 when 'hold' then 2 else 3 end,
                findings.rule,
                findings.entity,
                findings.key,
                findings.field,
                findings.value,
                findings.reason
        ) as finding,
        findings.rule,
        findings.severity,
        findings.entity,
        findings.key,
        coalesce(
            who.who_is_it,
            record_word(findings.entity) || ' of ' || owners.who_is_it,
            -- a record without a key of its own is known by its place in the exports
            case when regexp_matches(findings.key, '^[^ :]+\.[a-z.]+:[0-9]+$')
                then record_word(findings.entity) || ', record ' || regexp_extract(findings.key, ':([0-9]+)$', 1) || ' of its export' end,
            case when regexp_matches(findings.key, '^[^ :]+\.[a-z.]+: ')
                then record_word(findings.entity) || 's: ' || regexp_extract(findings.key, '^[^ :]+\.[a-z.]+: (.*)$', 1) end,
            record_word(findings.entity) || ' ' || regexp_replace(findings.key, '^(profile|user)_id ', '\1 id ')
        ) as who_is_it,
        findings.field,
        left(findings.value, 1000) as value,
        case
            when others.other is not null then 'another contact has this already'
            else findings.reason
        end as reason,
        others.other,
        findings.suggestion,
        -- Merging is an answer only where the other contact is known.
        trim(case when others.other_key is null then replace(rules.decisions, 'merge', '') else rules.decisions end) as decisions,
        findings.decision,
        answers.value as decision_value,
        answers.who,
        findings.is_held,
        others.other_key,
    from checks.findings as findings
    left join others on others.rule = findings.rule and others.key = findings.key
    left join checks.rules as rules on rules.rule = findings.rule
    left join reports.who as who on who.key = findings.key
    left join engagement.activity_records as records
        on records.entity = findings.entity
        and records.record_key = findings.key
    left join reports.who as owners on owners.key = records.profile_key
    left join answers
        on answers.rule = findings.rule
        and answers.key = findings.key
        and answers.field in ('', findings.field)
    -- Pairs have a sheet of their own, and what one act settles is one line.
    where findings.rule <> 'possible_duplicates'
      and rules.one_act is null
    qualify row_number() over (
        partition by findings.rule, findings.entity, findings.key, findings.field, findings.value, findings.reason
        order by answers.field desc
    ) = 1
),

one_act as (
    select
        0 as finding,
        rules.rule,
        rules.severity,
        any_value(findings.entity) as entity,
        null as key,
        format('{:,}', count(distinct findings.key)) || ' ' || record_word(any_value(findings.entity)) || if(count(distinct findings.key) = 1, '', 's') as who_is_it,
        null as field,
        null as value,
        any_value(rules.sentence) as reason,
        null as other,
        'one act settles them all: ' || any_value(rules.one_act) as suggestion,
        '' as decisions,
        null as decision,
        null as decision_value,
        null as who,
        bool_or(findings.is_held) as is_held,
        null as other_key,
    from checks.findings as findings
    inner join checks.rules as rules on rules.rule = findings.rule
    where rules.one_act is not null
    group by rules.rule, rules.severity
),

together as (
    select * from one_act
    union all
    select * from findings
)

select * replace (row_number() over (
    order by
        case severity when 'stop' then 1 when 'hold' then 2 else 3 end,
        finding > 0,
        rule,
        finding
) as finding) from together
order by finding
