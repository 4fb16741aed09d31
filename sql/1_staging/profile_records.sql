-- Every landed profile row with the key of its profile; the newest row of a key is kept, its blanks filled from the others.
-- one row per record_key
with

-- Columns beside the known one that mean the same: "Mobile" next to "Phone", as settings.standard_attributes says.
seconds as (
    select written_name, field
    from (select distinct unnest(columns) as written_name from (select distinct json_keys(_extra) as columns from landed.user_profiles))
    inner join settings.standard_attributes as standard
        on standard.attribute = lower(trim(regexp_replace(written_name, '[^\p{L}\p{N}]+', '_', 'g'), '_'))
        and standard.entity = 'contacts'
        and standard.field in ('mobile_number', 'email', 'first_name', 'last_name')
),

second_cells as (
    select
        _file,
        _record,
        seconds.field,
        seconds.written_name,
        json_extract_string(_extra, '$."' || seconds.written_name || '"') as written,
    from landed.user_profiles
    cross join seconds
),

second_values as (
    select
        _file,
        _record,
        list(written order by written_name) filter (field = 'mobile_number') as phones,
        list(written order by written_name) filter (field = 'email') as emails,
        list(written order by written_name) filter (field = 'first_name') as first_names,
        list(written order by written_name) filter (field = 'last_name') as last_names,
    from (
        select * replace (if(field in ('first_name', 'last_name'), given_name(written), given(written)) as written)
        from second_cells
    )
    where written is not null
    group by all
),

given_beside as (
    select
        rows.*,
        json_extract_string(rows._extra, ['full_name', 'Full Name', 'name']) as full_names,
        coalesce(beside.phones, []) as phones,
        beside.emails,
        beside.first_names,
        beside.last_names,
    from landed.user_profiles as rows
    left join second_values as beside
        on beside._file = rows._file
        and beside._record = rows._record
),

trimmed as (
    select
        _file || ':' || _record as record_key,
        coalesce(given(email), emails[1], removed(email)) as email_raw,
        coalesce(given(mobile_number), phones[1], removed(mobile_number)) as mobile_raw,
        if(given(mobile_number) is null, phones[2:], phones) as other_phones_raw,
        coalesce(given(whatsapp_number), removed(whatsapp_number)) as whatsapp_raw,
        coalesce(given_name(first_name), first_names[1], removed(first_name)) as first_name_raw,
        coalesce(given_name(last_name), last_names[1], removed(last_name)) as last_name_raw,
        given_name(coalesce(full_names[1], full_names[2], full_names[3])) as full_name_raw,
        coalesce(given_company(company), removed(company)) as company_raw,
        coalesce(given(lifecycle_stage), removed(lifecycle_stage)) as lifecycle_raw,
        coalesce(given(language), removed(language)) as language_raw,
        coalesce(given(timezone), removed(timezone)) as timezone_raw,
        coalesce(given(country), removed(country)) as country_raw,
        _extra as attributes_raw,
        nullif(trim(email_subscription), '') as email_flag,
        nullif(trim(sms_subscription), '') as sms_flag,
        nullif(trim(whatsapp_subscription), '') as whatsapp_flag,
        nullif(trim(push_subscription), '') as push_flag,
        given(create_time) as created_text,
        given(update_time) as updated_text,
        given(last_seen_time) as seen_text,
        _landed_at as landed_at,
        _file as source_file,
        _record as source_record,
    from given_beside
),

-- A profile that was merged into another is part of that one.
keyed as (
    select
        trimmed.*,
        keys.profile_id,
        keys.user_id,
        keys.own_key,
        coalesce(ends.target_key, keys.own_key) as profile_key,
        ends.target_key is not null as is_merged_away,
        if(ends.target_key is null, ends.means, null) as gone_as,
        ends.evidence as gone_evidence,
        concat_ws('; ',
            'profile id ' || keys.profile_id_written || ': ' || keys.profile_problem,
            'user id ' || keys.user_id_written || ': ' || keys.user_problem
        ) as id_problem,
    from trimmed
    inner join staging.record_keys as keys on keys.record_key = trimmed.record_key
    left join staging.profile_ends as ends on ends.own_key = keys.own_key
),

-- Times arrive in any spelling (macros.sql); without an offset they are the source's own.
timed as (
    select
        keyed.*,
        instant(created_text, orders.month_first['create_time']) as created_at,
        instant(updated_text, orders.month_first['update_time']) as updated_at,
        said_until(updated_text, instant(updated_text, orders.month_first['update_time'])) as updated_until,
        instant(seen_text, orders.month_first['last_seen_time']) as last_seen_at,
    from keyed
    left join staging.time_orders as orders on orders.entity = 'user_profiles'
),

-- Most profiles have one row: an order is sought for the others alone, and without their many columns.
repeated as (
    select profile_key, count(*) as rows_of_key, min(landed_at) as first_landed_at
    from timed
    group by profile_key
    having count(*) > 1
),

places as (
    select
        timed.record_key,
        row_number() over (
            partition by timed.profile_key
            order by is_merged_away, updated_at desc nulls last, landed_at desc, source_file desc, try_cast(source_record as bigint) desc
        ) as newest,
    from timed
    semi join repeated on repeated.profile_key = timed.profile_key
),

-- joined anew wherever it is read: it is as wide as the export
ranked as not materialized (
    select
        timed.*,
        coalesce(places.newest, 1) as newest,
        coalesce(repeated.rows_of_key, 1) as rows_of_key,
        timed.updated_at is not null or coalesce(timed.landed_at > repeated.first_landed_at, false) as is_removal,
    from timed
    left join repeated on repeated.profile_key = timed.profile_key
    left join places on places.record_key = timed.record_key
),

addressed_files as (
    select distinct source_file from timed where email_raw <> '' or mobile_raw <> ''
),

-- The rows of one profile are joined: per field the newest value that is there, so that a blank never erases. A word for
-- nothing does, where its row is known to be newer: what was removed is never filled again.
joined as (
    select
        profile_key,
        min(newest) as newest, -- the row that what is joined stands in
        arg_min(profile_id, newest) filter (where profile_id is not null and not is_merged_away) as profile_id,
        arg_min(user_id, newest) filter (where user_id is not null and not is_merged_away) as user_id,
        arg_min(email_raw, newest) filter (where email_raw <> '' or is_removal) as email_raw,
        arg_min(mobile_raw, newest) filter (where mobile_raw <> '' or is_removal) as mobile_raw,
        arg_min(other_phones_raw, newest) filter (where mobile_raw <> '' or is_removal) as other_phones_raw,
        arg_min(whatsapp_raw, newest) filter (where whatsapp_raw <> '' or is_removal) as whatsapp_raw,
        arg_min(first_name_raw, newest) filter (where first_name_raw <> '' or is_removal) as first_name_raw,
        arg_min(last_name_raw, newest) filter (where last_name_raw <> '' or is_removal) as last_name_raw,
        arg_min(full_name_raw, newest) filter (where full_name_raw is not null) as full_name_raw,
        arg_min(company_raw, newest) filter (where company_raw <> '' or is_removal) as company_raw,
        arg_min(lifecycle_raw, newest) filter (where lifecycle_raw <> '' or is_removal) as lifecycle_raw,
        arg_min(language_raw, newest) filter (where language_raw <> '' or is_removal) as language_raw,
        arg_min(timezone_raw, newest) filter (where timezone_raw <> '' or is_removal) as timezone_raw,
        arg_min(country_raw, newest) filter (where country_raw <> '' or is_removal) as country_raw,
        arg_min(email_flag, newest) filter (where email_flag is not null) as email_flag,
        arg_min(sms_flag, newest) filter (where sms_flag is not null) as sms_flag,
        arg_min(whatsapp_flag, newest) filter (where whatsapp_flag is not null) as whatsapp_flag,
        arg_min(push_flag, newest) filter (where push_flag is not null) as push_flag,
        arg_min(gone_as, newest) filter (where gone_as is not null) as gone_as,
        min(created_at) as created_at,
        max(last_seen_at) as last_seen_at,
        -- as a source does that erases people by emptying them, in a later export: a file without such columns says nothing
        list_has_any(list(own_key) filter (newest = 1 and is_blank), list(own_key) filter (newest > 1 and (email_raw <> '' or mobile_raw <> '')))
            and not list_has_any(list(source_file) filter (newest = 1), list(source_file) filter (newest > 1 and (email_raw <> '' or mobile_raw <> ''))) as is_emptied,
        -- a full name newer than both of its parts stands instead of them
        min(newest) filter (where full_name_raw is not null)
            < least(min(newest) filter (where first_name_raw <> ''), min(newest) filter (where last_name_raw <> '')) as is_full_name_newer,
    from (
        select
            *,
            coalesce(
                nullif(email_raw, ''), nullif(mobile_raw, ''), nullif(whatsapp_raw, ''), nullif(first_name_raw, ''), nullif(last_name_raw, ''), full_name_raw,
                nullif(company_raw, ''), nullif(lifecycle_raw, ''), nullif(language_raw, ''), nullif(timezone_raw, ''), nullif(country_raw, ''),
                email_flag, sms_flag, whatsapp_flag, push_flag, seen_text
            ) is null
            and is_removal
            and not is_merged_away
            and (attributes_raw is not null or source_file in (select source_file from addressed_files))
            and not regexp_matches(regexp_replace(coalesce(attributes_raw, ''), '"([^"\\]|\\.)*"\s*:\s*(null|"\s*")', '', 'g'), '[^{},\s]') as is_blank,
        from ranked
        where rows_of_key > 1
    )
    group by profile_key
),

merged_away as (
    select own_key, min(newest) as newest, true as is_merged_away
    from ranked
    where is_merged_away
    group by own_key
),

attribute_pairs as (
    select profile_key, newest, unnest(map_entries(try_cast(attributes_raw::json as map(varchar, varchar)))) as pair
    from ranked
    where rows_of_key > 1
),

joined_attributes as (
    select profile_key, 1 as newest, fields_as_text(list_sort(list(struct_pack(key := name, value := value)))) as attributes_raw
    from (
        select profile_key, pair.key as name, arg_min(pair.value, newest) as value
        from attribute_pairs
        where trim(pair.value) <> ''
        group by profile_key, pair.key
    )
    group by profile_key
),

filled as (
    select
        ranked.* exclude (landed_at) replace (
            coalesce(joined.profile_id, ranked.profile_id) as profile_id,
            coalesce(joined.user_id, ranked.user_id) as user_id,
            nullif(coalesce(joined.email_raw, ranked.email_raw), '') as email_raw,
            nullif(coalesce(joined.mobile_raw, ranked.mobile_raw), '') as mobile_raw,
            coalesce(joined.other_phones_raw, ranked.other_phones_raw) as other_phones_raw,
            nullif(coalesce(joined.whatsapp_raw, ranked.whatsapp_raw), '') as whatsapp_raw,
            if(joined.is_full_name_newer, null, nullif(coalesce(joined.first_name_raw, ranked.first_name_raw), '')) as first_name_raw,
            if(joined.is_full_name_newer, null, nullif(coalesce(joined.last_name_raw, ranked.last_name_raw), '')) as last_name_raw,
            coalesce(joined.full_name_raw, ranked.full_name_raw) as full_name_raw,
            nullif(coalesce(joined.company_raw, ranked.company_raw), '') as company_raw,
            nullif(coalesce(joined.lifecycle_raw, ranked.lifecycle_raw), '') as lifecycle_raw,
            nullif(coalesce(joined.language_raw, ranked.language_raw), '') as language_raw,
            nullif(coalesce(joined.timezone_raw, ranked.timezone_raw), '') as timezone_raw,
            nullif(coalesce(joined.country_raw, ranked.country_raw), '') as country_raw,
            coalesce(joined_attributes.attributes_raw, ranked.attributes_raw) as attributes_raw,
            coalesce(joined.gone_as, ranked.gone_as) as gone_as,
            coalesce(joined.created_at, ranked.created_at) as created_at,
            coalesce(joined.last_seen_at, ranked.last_seen_at) as last_seen_at
        ),
        coalesce(joined.is_emptied, false) as is_emptied,
        -- what the row itself says of consent is not joined: it is a history. Null is: as attributes_raw
        if(joined_attributes.attributes_raw is null, null, coalesce(ranked.attributes_raw, '{}')) as landed_attributes,
        coalesce(joined.email_flag, ranked.email_flag) as newest_email_flag,
        coalesce(joined.sms_flag, ranked.sms_flag) as newest_sms_flag,
        coalesce(joined.whatsapp_flag, ranked.whatsapp_flag) as newest_whatsapp_flag,
        coalesce(joined.push_flag, ranked.push_flag) as newest_push_flag,
    from ranked
    left join joined on joined.profile_key = ranked.profile_key and joined.newest = ranked.newest
    left join joined_attributes on joined_attributes.profile_key = ranked.profile_key and joined_attributes.newest = ranked.newest
),

located as (
    select
        filled.*,
        countries.iso2 as country,
        countries.name as country_name,
        coalesce(
            countries.iso2,
            timezones.iso2,
            nullif(languages.iso2, ''),
            (select phone_default_region from staging.typed_options),
            'ZZ'
        ) as region,
    from filled
    left join settings.countries on countries.text = lower(filled.country_raw)
    left join settings.timezones on timezones.timezone = filled.timezone_raw
    left join settings.languages on languages.language = lower(left(filled.language_raw, 2))
),

flagged as (
    select
        located.*,
        try_cast(email_words.is_subscribed as boolean) as email_subscription,
        try_cast(sms_words.is_subscribed as boolean) as sms_subscription,
        try_cast(whatsapp_words.is_subscribed as boolean) as whatsapp_subscription,
        try_cast(push_words.is_subscribed as boolean) as push_subscription,
    from located
    left join staging.consent_words as email_words on email_words.text = plain_word(located.newest_email_flag)
    left join staging.consent_words as sms_words on sms_words.text = plain_word(located.newest_sms_flag)
    left join staging.consent_words as whatsapp_words on whatsapp_words.text = plain_word(located.newest_whatsapp_flag)
    left join staging.consent_words as push_words on push_words.text = plain_word(located.newest_push_flag)
),

judged as (
    select
        flagged.* exclude (created_text, updated_text, seen_text, newest_email_flag, newest_sms_flag, newest_whatsapp_flag, newest_push_flag, newest, rows_of_key, is_removal, is_merged_away),
        concat_ws(
            '; ',
            case when email_subscription is null then 'email_subscription: ' || newest_email_flag end,
            case when sms_subscription is null then 'sms_subscription: ' || newest_sms_flag end,
            case when whatsapp_subscription is null then 'whatsapp_subscription: ' || newest_whatsapp_flag end,
            case when push_subscription is null then 'push_subscription: ' || newest_push_flag end,
            case when created_at is null then 'create_time: ' || created_text end,
            case when updated_at is null then 'update_time: ' || updated_text end,
            case when last_seen_at is null then 'last_seen_time: ' || seen_text end
        ) as unreadable,
        case
            when flagged.newest = 1 then 'kept'
            when merged_away.newest is not null then 'merged'
            else 'repeated'
        end as fate,
        case when flagged.is_merged_away then 'the source merged it into another profile' when flagged.newest > 1 then 'joined with the newest row of the same profile' end as fate_reason,
    from flagged
    left join merged_away
        on merged_away.own_key = flagged.own_key
        and merged_away.newest = flagged.newest
        and merged_away.is_merged_away = flagged.is_merged_away
)

select * from judged
