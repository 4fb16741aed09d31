-- Profiles that the source itself calls deleted, erased or merged, and the profile a merged one went into.
-- one row per own_key
with

columns as (
    select
        written_name,
        means,
        holds,
        is_ending,
        place_of(written_name) as place,
    from staging.gone_columns
),

rows as not materialized (
    select
        keys.own_key,
        concat_ws(' ', trim(profiles.first_name), trim(profiles.last_name)) as name,
        profiles.lifecycle_stage,
        profiles._extra,
        instant(profiles.update_time) as updated_at,
        profiles._landed_at as landed_at,
    from landed.user_profiles as profiles
    inner join staging.record_keys as keys on keys.record_key = profiles._file || ':' || profiles._record
),

cells as (
    select
        rows.own_key,
        columns.written_name,
        columns.means,
        columns.holds,
        columns.is_ending,
        trim(json_extract_string(rows._extra, columns.place)) as written,
        rows.updated_at,
        rows.landed_at,
    from rows
    cross join columns
    where trim(json_extract_string(rows._extra, columns.place)) <> ''
    union all
    -- the export of attributes names its owners by either id
    select
        owners.own_key,
        columns.written_name,
        columns.means,
        columns.holds,
        columns.is_ending,
        trim(attributes.value) as written,
        instant(attributes.update_time) as updated_at,
        attributes._landed_at as landed_at,
    from landed.attributes as attributes
    inner join columns on columns.written_name = attributes.name
    inner join (
        select own_key, profile_id as owner_id from staging.record_keys where profile_id is not null
        union
        select own_key, user_id as owner_id from staging.record_keys where user_id is not null
    ) as owners on owners.owner_id = tidy_id(attributes.owner_id)
    where coalesce(lower(trim(attributes.owner_type)), '') <> 'device' and trim(attributes.value) <> ''
    union all
    select own_key, 'lifecycle_stage', null, 'word', false, trim(lifecycle_stage), updated_at, landed_at
    from rows
    where trim(lifecycle_stage) <> ''
    union all
    -- Smith (deceased), † Kohl
    select own_key, 'name', 'deceased', 'flag', false, trim(name), updated_at, landed_at
    from rows
    where regexp_matches(
        strip_accents(lower(concat_ws(' ', name, json_extract_string(_extra, 'full_name')))),
        '^[(\[* -]*(†|(deceased|verstorben|decede|decedee|fallecid[oa]|overleden)\b)|[(\[*,-]\s*(†|(deceased|dec''?d|r[.]?i[.]?p|verstorben|decedee?|fallecid[oa]|decedut[oa]|overleden|falecid[oa]|zmarł[ya]?|avliden)\b)|\b(deceased|verstorben)$|^(the )?(estate|executors?) of\b|^nachlass\b|^erbengemeinschaft\b|^(succession|heritiers) de\b|^herederos de\b|^eredi di\b|^erven (van )?\b'
    )
    union all
    -- Deleted User is nobody's name
    select own_key, 'name', null, 'name', false, trim(name), updated_at, landed_at
    from rows
    where strip_accents(plain_word(name)) in (
        select strip_accents(plain_word(word)) from settings.gone_words where place = 'name'
    )
),

-- Who was deleted and came back has a newer cell that says so.
newest as (
    select *
    from cells
    qualify row_number() over (partition by own_key, written_name order by updated_at desc nulls last, landed_at desc, written desc) = 1
),

words as (
    select strip_accents(plain_word(word)) as word, place, min(means) as means
    from settings.gone_words
    group by all
),

-- Very many cells hold few different words: each is looked up once.
spoken as (
    select told.holds, told.written, arg_max_null(words.means, length(words.word)) as means
    from (
        select
            holds,
            written,
            if(holds = 'remark', 'word', holds) as place,
            -- a remark speaks of the person first: Kunde ist verstorben
            if(
                holds = 'remark',
                regexp_replace(strip_accents(plain_word(written)), '^((der|die|the|le|la|el|il|kunde|kundin|customer|client|cliente|contact|kontakt|member|mitglied|user|klant|klient|person|ist|is|has|est|es|leider|bereits) )*', ''),
                strip_accents(plain_word(written))
            ) || ' ' as said,
        from (select distinct holds, written from newest where holds in ('word', 'name', 'remark'))
    ) as told
    -- a remark that something was removed or merged is none about the person, and neither is a dead stock or a deceased husband
    inner join words on words.place = told.place and starts_with(told.said, words.word || ' ') and (
        told.holds <> 'remark'
        or (
            words.means in ('deceased', 'erased')
            and words.word not in ('dead', 'mort', 'muerto', 'muerta')
            and regexp_full_match(told.said[length(words.word) + 1:], ' *((on|am|in|im|le|el|il|op|since|seit|dem|per|laut|according|reported|gemeldet|gdpr|dsgvo|rgpd|[0-9]+)( .*)?)?')
        )
    )
    group by told.holds, told.written
),

read as (
    select
        newest.own_key,
        newest.written_name,
        newest.written,
        case
            when newest.holds in ('word', 'name', 'remark') then spoken.means
            when newest.holds = 'yes' then if(plain.answer = 'yes', newest.means, null)
            when plain.answer = 'no' then null
            when newest.holds = 'target' and lower(newest.written) in (select lower(text) from settings.no_ids where text is not null) then null
            when is_nothing(newest.written) or is_no_name(newest.written) then null
            when regexp_full_match(newest.written, '[^1-9\p{L}]*') then null
            -- a day on which clocks begin or end is none, and 3 is a count
            when newest.holds <> 'target' and regexp_matches(newest.written, '^(9999|2999|1970-01-01|1900-01-0|0001-01-01)') then null
            when newest.is_ending and newest.holds <> 'target' and try_cast(newest.written as bigint) between 2 and 99999999 then null
            else newest.means
        end as means,
        if(newest.holds = 'target', tidy_id(newest.written), null) as target_id,
    from newest
    left join spoken on spoken.holds = newest.holds and spoken.written = newest.written
    left join (select plain_word(text) as text, min(answer) as answer from settings.plain_answers group by 1) as plain
        on plain.text = plain_word(newest.written)
),

gone as (
    select
        own_key,
        -- of several, what binds most
        case
            when bool_or(means = 'erased') then 'erased'
            when bool_or(means = 'deleted') then 'deleted'
            when bool_or(means = 'deceased') then 'deceased'
            else 'merged'
        end as means,
        string_agg(written_name || ': ' || written, '; ' order by written_name) as evidence,
        max(target_id) as target_id,
    from read
    where means is not null
    group by own_key
),

targets as (
    select own_key, min(target_key) as target_key
    from (
        select gone.own_key, keys.own_key as target_key
        from gone inner join staging.record_keys as keys on keys.profile_id = gone.target_id
        union
        select gone.own_key, keys.own_key
        from gone inner join staging.record_keys as keys on keys.user_id = gone.target_id
        where gone.target_id not in (select profile_id from staging.record_keys where profile_id is not null)
    )
    where target_key <> own_key
    group by own_key
),

-- A chain of merges ends with whoever went nowhere; a circle ends nowhere and is asked about.
followed as (
    with recursive steps as (
        select own_key, target_key, 1 as step from targets
        union all
        select steps.own_key, targets.target_key, steps.step + 1
        from steps
        inner join targets on targets.own_key = steps.target_key
        where steps.step < 20
    )
    select own_key, max_by(target_key, step) as target_key, max(step) as steps
    from steps
    group by own_key
),

ended as (
    select
        gone.own_key,
        gone.means,
        gone.evidence,
        gone.target_id,
        if(gone.means = 'merged' and followed.steps < 20, followed.target_key, null) as target_key,
    from gone
    left join followed on followed.own_key = gone.own_key
)

select * from ended
