-- What profile rows and consent records say about consent: subscription flags, and columns and attributes whose name speaks of it.
-- one row per answer_key
with

plain as (
    select plain_word(text) as text, min(answer) as answer
    from settings.plain_answers
    group by all
),

nothing as (
    select distinct plain_word(text) as text
    from settings.null_words
    where applies_to = 'answers'
),

flags as (
    unpivot (
        select
            record_key, profile_key, updated_at, updated_until,
            email_flag as email_subscription, sms_flag as sms_subscription,
            whatsapp_flag as whatsapp_subscription, push_flag as push_subscription,
        from staging.profile_records
    )
    on email_subscription, sms_subscription, whatsapp_subscription, push_subscription
    into name name value written
),

run as (
    select try_cast(value as timestamptz) as run_at from settings.run where name = 'run_at'
),

cells as (
    select
        columns.*,
        records.record_key,
        records.profile_key,
        records.updated_at,
        records.updated_until,
        nullif(trim(json_extract_string(coalesce(records.landed_attributes, records.attributes_raw), place_of(columns.written_name))), '') as written,
    from staging.profile_records as records
    inner join staging.consent_columns as columns on columns.entity = 'user_profiles'
    union all
    select
        columns.* replace (columns.written_name || if(nested.part = 1, '', ' ' || nested.part) as written_name),
        records.record_key,
        records.profile_key,
        records.updated_at,
        records.updated_until,
        nested.written,
    from staging.nested_cells as nested
    inner join staging.consent_columns as columns on columns.entity = nested.entity and columns.written_name = nested.written_name
    inner join (
        select record_key, profile_key, updated_at, updated_until from staging.profile_records
        union all
        select record_key, profile_key, updated_at, updated_until from staging.attribute_records where profile_key is not null
        union all
        select record_key, profile_key, updated_at, updated_until from staging.consents
    ) as records on records.record_key = nested.record_key
    union all
    select
        columns.*,
        consents.record_key,
        consents.profile_key,
        consents.updated_at,
        consents.updated_until,
        nullif(trim(coalesce(
            json_extract_string(consents.extras, place_of(columns.written_name)),
            if(json_valid(consents.metadata), json_extract_string(consents.metadata, place_of(columns.written_name)), null)
        )), '') as written,
    from staging.consents as consents
    inner join staging.consent_columns as columns on columns.entity = 'consents'
    union all
    select
        columns.* replace (attributes.name as written_name),
        attributes.record_key,
        attributes.profile_key,
        attributes.updated_at,
        attributes.updated_until,
        attributes.value as written,
    from staging.attribute_records as attributes
    inner join staging.consent_columns as columns on columns.entity = 'user_profiles' and columns.name = attributes.name
    where attributes.owner_type <> 'device' and attributes.profile_key is not null
),

-- A no where an address should stand: the table has a column for each channel.
instead_of_addresses as (
    select
        'user_profiles' as entity, record_key, profile_key, 'email' as name, 'email' as written_name, 'agreement' as says, false as is_settled,
        false as is_list, false as is_general, ['email'] as channels, email_raw as written, updated_at, updated_until,
    from staging.profile_records
    where plain_word(email_raw) in (select text from plain where answer = 'no')
    union all
    select
        'consents' as entity, record_key, profile_key, 'address' as name, 'address' as written_name, 'agreement' as says, false as is_settled,
        false as is_list, true as is_general, ['email', 'sms', 'whatsapp', 'push'] as channels, address as written, updated_at, updated_until,
    from staging.consents
    where plain_word(address) in (select text from plain where answer = 'no')
),

together as (
    select
        'user_profiles' as entity, record_key, profile_key, name, name as written_name, 'flag' as says, true as is_settled, false as is_list,
        false as is_general, [split_part(name, '_', 1)] as channels, written, updated_at, updated_until,
    from flags
    union all
    select
        entity, record_key, profile_key, name, written_name, says, is_settled, is_list, is_general, channels, written, updated_at, updated_until,
    from cells
    where written is not null
    union all
    select * from instead_of_addresses
),

-- Few different things are written in very many cells: each is understood once.
meanings as (
    select
        texts.written,
        plain_word(texts.written) as plain_text,
        -- A date in such a column is the day on which it became so; 0000-00-00 is none.
        instant(texts.written) as written_at,
        regexp_full_match(texts.written, '[0:. T-]*') and texts.written like '%0000%' as is_empty_date,
        is_nothing(texts.written) as is_nothing,
    from (select distinct written from together) as texts
),

understood as (
    select
        meanings.*,
        words.is_subscribed as word,
        plain.answer as plain_answer,
        -- a question mark is no empty cell: somebody did not know
        (meanings.is_nothing and meanings.written <> '?') or nothing.text is not null as is_no_answer,
    from meanings
    left join staging.consent_words as words on words.text = meanings.plain_text
    left join plain on plain.text = meanings.plain_text
    left join nothing on nothing.text = meanings.plain_text
),

read as (
    select together.*, understood.* exclude (written)
    from together
    inner join understood on understood.written = together.written
),

-- email;sms in a column that lists channels means those and no others; a cell with any other word is none. In one that
-- speaks of what somebody prefers, so does "by text only": then it does not matter what else is written there, but where
-- a cell that is not understood holds the person.
listed as (
    select record_key, written_name, flatten(list(channels.channels)) as listed_channels
    from (
        select distinct
            record_key, written_name, says in ('hint', 'list') and is_the_only_way(written) as is_only,
            unnest(list_filter(regexp_split_to_array(replace(lower(written), 'e-mail', 'email'), '[^\p{L}]+'), lambda word: word <> '')) as word,
        from together
        where is_list or is_only
    ) as words
    left join staging.consent_channels as channels on channels.text = words.word
    group by record_key, written_name, is_only
    having count(channels.text) = count(*) or (is_only and count(channels.text) > 0)
),

-- -email, no sms, all except push, email:0 beside what somebody prefers is a no to these ways and nothing about the others.
excepted as (
    select cut.written as excepted_text, flatten(list(channels.channels)) as excepted_channels
    from (
        select
            written,
            unnest(list_concat(
                regexp_extract_all(plain, '(?:^|[^\p{L}\p{N}])(?:[-!]|(?:no|not|kein|keine|keinen|ohne|au(?:ß|ss)er|except|excluding|excl|but|without|sauf|sans|sin|excepto|salvo|menos|senza|tranne|geen|behalve|bez|oprocz|utan|uden|uten|sem|exceto)[ .:_-]+(?:by |via |per |par |por |to |for )?)([\p{L}]+)', 1),
                regexp_extract_all(plain, '(?:^|[^\p{L}\p{N}])([\p{L}]+)"?\s*[:=]\s*"?(?:0|no|n|false|f|off|out|nein|non|nee|nej|unsubscribed|opted.?out)(?:$|[^\p{L}\p{N}])', 1)
            )) as word,
        from (select distinct written, replace(lower(written), 'e-mail', 'email') as plain from together where says in ('hint', 'list') or is_list)
    ) as cut
    inner join staging.consent_channels as channels on channels.text = cut.word
    where not list_contains(channels.channels, 'none')
    group by cut.written
),

-- 'agreed' is a yes that does not count before somebody has settled what the column means.
answered as (
    select
        read.*,
        case
            when is_empty_date then null
            -- NULL and its like in such a column are an empty cell
            when says <> 'flag' and is_no_answer then null
            -- a message that asks for confirmation is no confirmation
            when regexp_matches(name, '(^|_)doi(_|$)|double_?opt|doppel|confirm') and plain_text in ('sent', 'delivered', 'opened', 'requested') then 'unknown'
            when excepted.excepted_channels is not null and not (says = 'hint' and reads_as_refusal(written)) then 'excepted'
            when (listed.listed_channels is not null and not (says = 'hint' and status_refuses(written))) or (is_list and regexp_full_match(written, '[^\p{L}\p{N}]*')) then 'listed'
            when says = 'list' and word is distinct from 'false' then null
            when says = 'until' then
                case
                    when written_at >= run.run_at or plain_answer = 'no' then 'agreed'
                    when written_at < run.run_at or plain_answer = 'yes' then 'no'
                    else 'unknown'
                end
            when says = 'flag' then case word when 'true' then 'yes' when 'false' then 'no' else 'unknown' end
            -- inactive or deleted says nothing of consent where a name speaks of a status; all of a consent record speaks of it
            -- preferences may be about anything
            when says = 'hint' and name in ('preference', 'preferences', 'prefs') then null
            when says = 'hint' then
                if(
                    status_refuses(written)
                        or ((entity = 'consents' or regexp_matches(name, 'pref|communic|freq|cadence|basis|deliverab|contactab|kontaktierb|reachab|erreichb')) and word = 'false'),
                    'no', null
                )
            when says = 'refusal' then
                case
                    when plain_answer = 'yes' then 'no'
                    when plain_answer = 'no' then 'agreed'
                    when word = 'false' then if(regexp_full_match(plain_text, 'none|never|keine?[rsn]?|niemals|ning[uú]n[oa]?|aucune?|jamais|nessun[oa]|mai|nenhuma?|nunca|geen|nooit|ingen|inget|inga|intet|aldrig?|brak|żad[en]+|nigdy|nobody|nothing|not at all'), 'agreed', 'no')
                    -- what is active or confirmed may be the refusal itself
                    when word = 'true' and not regexp_matches(plain_text, 'subscri|opt|consent|allow|erlaubt|^in$|abonn|angemeldet|inscri|suscri|iscri|aangemeld') then 'unknown'
                    when word = 'true' then 'agreed'
                    when word is null and written_at is not null then 'no'
                    else 'unknown'
                end
            when plain_answer = 'no' or word = 'false' then 'no'
            when plain_answer = 'yes' or word = 'true' or (word is null and written_at is not null) then if(is_settled, 'yes', 'agreed')
            -- abgemeldet am 01.02.2023
            when says = 'agreement' and not regexp_matches(written, '[{=:]') and reads_as_refusal(written) then 'no'
            else 'unknown'
        end as answer,
        listed.listed_channels,
        excepted.excepted_channels,
    from read
    cross join run
    left join excepted on excepted.excepted_text = read.written and (read.says in ('hint', 'list') or (read.is_list and read.says <> 'refusal'))
    left join listed on listed.record_key = read.record_key and listed.written_name = read.written_name
),

by_channel as (
    select
        * exclude (channels, listed_channels, excepted_channels) replace (
            case
                when answer = 'excepted' then if(list_has_any(excepted_channels, [channel, 'all']), 'no', null)
                when answer <> 'listed' then answer
                when list_has_any(coalesce(listed_channels, []), [channel, 'all']) then
                    case when says = 'refusal' then 'no' when says = 'hint' then null when is_settled then 'yes' else 'agreed' end
                else if(says = 'refusal', 'agreed', 'no')
            end as answer
        ),
    from (select *, unnest(channels) as channel from answered where answer is not null)
),

spread as (
    select
        record_key || ':' || written_name || ':' || channel as answer_key,
        entity,
        record_key,
        profile_key,
        is_general,
        channel,
        name,
        says,
        answer,
        written,
        word is null and plain_answer is null and written_at is null as is_strange,
        said_at(case when says = 'refusal' and answer = 'no' then coalesce(said_at(written_at), updated_at) else updated_at end) as updated_at,
        said_at(case when says = 'refusal' and answer = 'no' then coalesce(said_until(written, said_at(written_at)), updated_until) else updated_until end) as updated_until,
    from by_channel
    where answer is not null
)

select * from spread
