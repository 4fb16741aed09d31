-- Texts longer than Freshsales takes, of consents, companies, notes, calls, meetings, e-mails and activities: cut there, whole here.
-- severity: note
-- fix: nothing, if the beginning is enough; the whole text stands beside it
with

sent_companies as (
    select companies.*
    from mapping.companies as companies
    semi join freshsales.accounts as accounts on accounts.account_key = companies.account_key
),

companies as (
    select account_key, field, written
    from (unpivot (select account_key, name, phone, address from sent_companies)
        on name, phone, address into name field value written)
    union all
    select account_key, unnest(map_keys(fields_of(account_fields))) as field, unnest(map_values(fields_of(account_fields))) as written
    from sent_companies
),

companies_cut as (
    select
        'accounts' as entity,
        companies.account_key as key,
        companies.field,
        companies.written as whole_text,
        length(companies.written) as whole_length,
        most as sent_length,
    from companies
    left join settings.field_limits as limits on limits.entity = 'accounts' and limits.field = companies.field
    cross join lateral (
        select coalesce(
            try_cast(limits.max_length as bigint),
            if(companies.field = 'phone', 30, (select text_max_length from staging.typed_options))
        ) as most
    )
    left join settings.decisions as decisions
        on decisions.key = companies.account_key and decisions.decision = 'clean' and decisions.field = companies.field
    where length(companies.written) > most
      and decisions.key is null
),

texts_cut as (
    select
        texts.target_entity as entity,
        records.target_key as key,
        'text' as field,
        texts.whole_text,
        length(texts.whole_text) as whole_length,
        length(concat_ws(chr(10), texts.title, texts.text)) as sent_length,
    from engagement.file_texts as texts
    inner join engagement.activity_records as records
        on records.entity = texts.entity and records.record_key = texts.record_key and records.fate = 'carried'
    where texts.whole_text is not null
      and records.entity in ('notes', 'activities')
),

-- What was cut is as long as it may be: only of the people who have such a text all texts are put together once more. A list
-- of them is known to be short; that a text is whole is asked of both sides, or it would be asked of everybody first.
people_with_full_texts as (
    select unnest(list(distinct texts.contact_key)) as person_key
    from (
        select contact_key, title, description from freshsales.tasks
        union all
        select contact_key, title, notes as description from freshsales.sales_activities
    ) as texts
    cross join (
        select
            min(try_cast(max_length as bigint)) filter (where field = 'title') as title_length,
            min(try_cast(max_length as bigint)) filter (where field = 'description') as description_length,
        from settings.field_limits
        where entity = 'tasks'
    ) as limits
    where strlen(texts.title) >= limits.title_length or strlen(texts.description) >= limits.description_length
),

activities_cut as (
    select
        case when options.activity_carrier = 'task' then 'tasks' else 'sales_activities' end as entity,
        activities.activity_key as key,
        'description' as field,
        activities.whole_text,
        length(activities.whole_text) as whole_length,
        length(concat_ws(chr(10), activities.title, activities.description)) as sent_length,
    from engagement.activities as activities
    inner join people_with_full_texts as people on people.person_key = activities.person_key
    cross join staging.typed_options as options
    where if(people.person_key is not null, activities.whole_text, null) is not null
),

-- where somebody's consent came from, of all channels together; only of those who may have too much is it put together
wordy as (
    select person_key
    from mapping.consent
    group by person_key
    having greatest(
        sum(strlen(channel) + strlen(type) + 4),
        sum(strlen(channel) + strlen(source) + 4)
    ) > 255
),

consents_cut as (
    select 'contacts' as entity, person_key as key, field, whole_text, length(whole_text) as whole_length, 255 as sent_length
    from (
        unpivot (
            select
                consent.person_key,
                string_agg(consent.channel || ': ' || consent.type, '; ' order by consent.channel) filter (where consent.type is not null) as cf_consent_type,
                string_agg(consent.channel || ': ' || consent.source, '; ' order by consent.channel) filter (where consent.source is not null) as cf_consent_source,
            from mapping.consent as consent
            semi join wordy on wordy.person_key = consent.person_key
            semi join freshsales.contacts as contacts on contacts.contact_key = consent.person_key
            group by consent.person_key
        )
        on cf_consent_type, cf_consent_source
        into name field value whole_text
    )
    where length(whole_text) > 255
),

together as (
    select * from consents_cut
    union all
    select * from companies_cut
    union all
    select * from texts_cut
    union all
    select * from activities_cut
)

select
    entity,
    key,
    field,
    whole_text as value,
    'cut to ' || sent_length || ' of ' || whole_length || ' characters; the whole text is here' as reason,
    null as suggestion,
from together
