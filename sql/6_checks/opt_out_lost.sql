-- Nobody who said no anywhere may be sent as if they had said yes.
-- severity: stop
-- fix: nothing you can do: this is a fault of the migration, and your engineer must mend it
-- engineer: this is a fault of the consent rules or of a list in 0_settings; run ferry sql test and undo the last change
with

-- Read straight from the staged tables, past everything mapping decided, and compared in another way.
refusal_words as (
    select distinct plain_word(text) as word from settings.consent_words where lower(trim(is_subscribed)) = 'false'
),

agreement_words as (
    select distinct plain_word(text) as word from settings.consent_words where lower(trim(is_subscribed)) = 'true'
),

-- Of such words no list can make a yes.
written as (
    select
        consents.record_key,
        consents.profile_key,
        consents.channel_raw,
        consents.preference_name,
        coalesce(phones.mobile_number, emails.email, lower(consents.address)) as address,
        plain_word(consents.status_raw) as word,
        regexp_matches(plain_word(consents.status_raw), '^(global(ly)? )?(un ?subscri|opt(ed)? ?out|withdrawn|revoked|do not (contact|e ?mail|mail|text|sms))') as is_refusal_whatever_the_list,
        consents.updated_at,
    from staging.consents as consents
    left join staging.phones
        on phones.phone_raw = consents.address
        and phones.region = (select phone_default_region from staging.typed_options)
    left join staging.emails on emails.email_raw = consents.address
),

records as (
    select
        written.*,
        written.is_refusal_whatever_the_list or written.word in (select word from refusal_words) as is_no,
        not written.is_refusal_whatever_the_list and written.word in (select word from agreement_words) as is_yes,
    from written
),

run as (
    select try_cast(value as timestamptz) + interval 1 day as latest from settings.run where name = 'run_at'
),

-- No channel, or one that is in no list, is every channel.
listed as (
    select plain_word(text) as text, min(channel) as channel from settings.consent_channels group by 1
),

spread as (
    select records.*, every.channel
    from records
    left join listed on listed.text = plain_word(records.channel_raw)
    inner join (values ('email'), ('sms'), ('whatsapp'), ('push')) as every (channel)
        on every.channel = listed.channel or coalesce(listed.channel, 'all') = 'all'
),

-- A no stands unless a yes of the same person, preference and address is dated after it.
standing as (
    select said.record_key, said.profile_key, said.channel, said.address
    from spread as said
    where said.is_no
      and not exists (
        select 1
        from spread as later
        where later.is_yes
          and later.updated_at > said.updated_at
          and later.updated_at <= coalesce((select latest from run), later.updated_at)
          and later.profile_key is not distinct from said.profile_key
          and later.channel = said.channel
          and coalesce(lower(later.preference_name), '') = coalesce(lower(said.preference_name), '')
          and coalesce(later.address, '') = coalesce(said.address, '')
      )
),

reached as (
    select record_key, profile_key, channel from standing where profile_key is not null
    union
    select standing.record_key, profiles.profile_key, standing.channel
    from standing inner join staging.profiles as profiles on lower(profiles.email) = standing.address
    union
    select standing.record_key, profiles.profile_key, standing.channel
    from standing inner join staging.profiles as profiles on profiles.mobile_number = standing.address
    union
    select standing.record_key, profiles.profile_key, standing.channel
    from standing inner join staging.profiles as profiles on profiles.whatsapp_number = standing.address
),

by_record as (
    select profile_key, channel, 'consent record ' || record_key as place
    from reached
),

flags as (
    unpivot (
        select record_key, profile_key, updated_at, email_flag as email, sms_flag as sms, whatsapp_flag as whatsapp, push_flag as push
        from staging.profile_records
    )
    on email, sms, whatsapp, push
    into name channel value written
),

-- Very many flags are few different words: each is read once.
read_flags as (
    select
        written,
        word in (select word from refusal_words) or regexp_matches(word, '^(un ?subscri|opt(ed)? ?out)') as is_no,
        word in (select word from agreement_words) as is_yes,
    from (select written, asked_once(count(*), plain_word(written)) as word from flags group by written)
),

answered_flags as (
    select flags.*, read_flags.is_no, read_flags.is_yes
    from flags inner join read_flags on read_flags.written = flags.written
),

by_flag as (
    select said.profile_key, said.channel, 'profile flag of ' || said.record_key as place
    from answered_flags as said
    where said.is_no
      and not exists (
        select 1
        from answered_flags as later
        where later.is_yes
          and later.profile_key = said.profile_key
          and later.channel = said.channel
          and later.updated_at > said.updated_at
      )
),

-- Columns that say unsubscribed or opted out in their name, unless settings set the whole name apart.
cells as (
    select record_key, profile_key, updated_at, pair.key as name, lower(trim(pair.value)) as written
    from (
        select record_key, profile_key, updated_at, unnest(map_entries(try_cast(said::json as map(varchar, varchar)))) as pair
        from (select *, coalesce(landed_attributes, attributes_raw) as said from staging.profile_records)
        where regexp_matches(lower(said), 'unsubscribed|opt[^a-z]{0,2}out|opted[^a-z]{0,2}out|do[^a-z]{0,2}not')
    )
    where regexp_matches(lower(pair.key), '^(e-?mail.?|sms.?|global.?|has.?|is.?)?(unsubscribed|opt[^a-z]{0,2}out|opted[^a-z]{0,2}out|do[^a-z]{0,2}not[^a-z]{0,2}(contact|e?mail|sms|text))$')
      and '=' || lower(trim(regexp_replace(pair.key, '[^\p{L}\p{N}]+', '_', 'g'), '_')) not in (select lower(part) from settings.consent_columns where says = 'apart')
),

by_cell as (
    select said.profile_key, every.channel, 'column ' || said.name as place
    from cells as said
    inner join (values ('email'), ('sms')) as every (channel)
        on (every.channel = 'email' and not regexp_matches(lower(said.name), 'sms|text'))
        or (every.channel = 'sms' and not regexp_matches(lower(said.name), 'mail'))
    where said.written in ('1', 'true', 'yes', 'y')
      and not exists (
        select 1
        from cells as later
        where later.profile_key = said.profile_key
          and later.name = said.name
          and later.updated_at > said.updated_at
          and later.written not in ('', '1', 'true', 'yes', 'y')
      )
),

refusals as (
    select * from by_record
    union all
    select * from by_flag
    union all
    select * from by_cell
),

codes as (
    select
        max(value) filter (where name = 'consent.email.subscribed') as email_in,
        max(value) filter (where name = 'consent.sms.subscribed') as sms_in,
        max(value) filter (where name = 'consent.whatsapp.subscribed') as whatsapp_in,
    from staging.options
),

lost as (
    select
        'contacts' as entity,
        contacts.contact_key as key,
        refusals.channel || ' consent' as field,
        null as value,
        'profile ' || refusals.profile_key || ' said no: ' || min(refusals.place) as reason,
        null as suggestion,
    from refusals
    inner join freshsales.contact_members as members on members.profile_key = refusals.profile_key
    inner join freshsales.contacts as contacts on contacts.contact_key = members.contact_key
    cross join codes
    where (refusals.channel = 'email' and (not contacts.cf_email_opt_out or contacts.subscription_status::varchar = codes.email_in))
       or (refusals.channel = 'sms' and (not contacts.cf_sms_opt_out or contacts.sms_subscription_status::varchar = codes.sms_in))
       or (refusals.channel = 'whatsapp' and contacts.whatsapp_subscription_status::varchar = codes.whatsapp_in)
       or (refusals.channel = 'push' and json_extract_string(contacts.custom_field, '$.cf_push_subscription') = 'true')
    group by contacts.contact_key, refusals.channel, refusals.profile_key
)

select * from lost
