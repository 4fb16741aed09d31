-- Columns of profiles, attributes and consent records that speak of consent by their name, and what they say where they are filled;
-- likewise tags and events, which may have a value, and columns beside loyalty states and members of segments.
-- one row per entity, written_name
with

written_names as (
    select 'user_profiles' as entity, unnest(written_names) as written_name
    from (select distinct json_keys(_extra) as written_names from landed.user_profiles)
    union
    select entity, written_name
    from staging.nested_cells
    union
    select 'user_profiles' as entity, name as written_name
    from landed.attributes
    where coalesce(lower(trim(owner_type)), '') <> 'device'
    union
    select 'consents' as entity, unnest(written_names) as written_name
    from (select distinct json_keys(extras) as written_names from staging.consents)
    union
    select 'consents' as entity, unnest(json_keys(metadata)) as written_name
    from staging.consents
    where starts_with(metadata, '{') and json_valid(metadata)
    union
    select 'tags' as entity, tag_name as written_name
    from staging.tags
    where value <> ''
    union
    select 'events' as entity, event_name as written_name
    from staging.events
    where value <> ''
    union
    select 'beside' as entity, unnest(written_names) as written_name
    from (
        select distinct json_keys(_extra) as written_names from landed.loyalty
        union
        select distinct json_keys(_extra) as written_names from landed.segment_memberships
    )
),

-- emailOptOut, Email Opt-Out and email_opt_out are one name
tidy_names as (
    select
        entity,
        written_name,
        lower(trim(regexp_replace(written_name, '[^\p{L}\p{N}]+', '_', 'g'), '_')) as name,
        '_' || strip_accents(lower(trim(regexp_replace(regexp_replace(written_name, '([a-z])([A-Z])', '\1_\2', 'g'), '[^\p{L}\p{N}]+', '_', 'g'), '_'))) || '_' as parts,
    from written_names
    where trim(written_name) <> ''
),

found as (
    select
        names.entity,
        names.written_name,
        names.name,
        list(distinct list.says) as says,
    from tidy_names as names
    inner join settings.consent_columns as list
        on contains(names.parts, lower(list.part))
        or contains('_' || names.name || '_', lower(list.part))
        or contains('_' || strip_accents(names.name) || '_', lower(list.part))
        or '=' || names.name = lower(list.part)
        or '=' || strip_accents(names.name) = lower(list.part)
    group by all
),

-- email_enabled speaks of consent, because it speaks of a channel, and email_disabled of a refusal; so do all columns of a
-- consent record.
placed as (
    select
        *,
        list_has_any(says, ['email', 'sms', 'whatsapp', 'push']) as has_channel,
        entity = 'consents' or list_has_any(says, ['email', 'sms', 'whatsapp', 'push', 'agreement', 'flag']) as has_subject,
    from found
),

-- cookie_consent and bonus_blocked speak of something else than messages, and newsletter_language of more than yes and no.
narrowed as (
    select
        * replace (
            list_filter(
                if(list_contains(says, 'aspect') and list_contains(says, 'agreement'), list_append(says, 'flag'), says),
                lambda one: not (
                    (one = 'agreement' and list_contains(says, 'aspect'))
                    or (
                        one in ('agreement', 'refusal', 'flag') and list_contains(says, 'other') and not has_channel and entity <> 'consents'
                        and not regexp_matches(name, 'market|mkt|contact|kontakt|kommunik|communic|comunic|comms|werb|promo|offer|news|mail')
                    )
                )
            ) as says
        ),
    from placed
    where len(list_filter(says, lambda one: one not in ('aspect', 'other'))) > 0
),

switched as (
    select
        * replace (
            list_concat(
                says,
                if(list_contains(says, 'switch') and (has_channel or entity = 'consents'), ['agreement'], []),
                if(list_contains(says, 'against') and has_subject, ['refusal'], [])
            ) as says
        ),
    from narrowed
),

-- deals_by_email and email_yn do where their cells say yes and no: they could as well hold an address or a number.
perhaps as (
    select entity, written_name
    from switched
    where (list_contains(says, 'flag') or (list_contains(says, 'perhaps') and (has_channel or not contains(name, '_'))))
      and not list_has_any(says, ['agreement', 'refusal', 'apart'])
),

perhaps_cells as (
    select perhaps.*, trim(json_extract_string(rows._extra, place_of(perhaps.written_name))) as written
    from landed.user_profiles as rows
    inner join perhaps on perhaps.entity = 'user_profiles'
    union all
    select perhaps.*, nested.written
    from staging.nested_cells as nested
    inner join perhaps on perhaps.entity = 'user_profiles' and perhaps.written_name = nested.written_name
    union all
    select perhaps.*, trim(attributes.value) as written
    from landed.attributes as attributes
    inner join perhaps on perhaps.entity = 'user_profiles' and perhaps.written_name = attributes.name
    union all
    select perhaps.*, trim(json_extract_string(consents.extras, place_of(perhaps.written_name))) as written
    from staging.consents as consents
    inner join perhaps on perhaps.entity = 'consents'
),

answers as (
    select plain_word(text) as text from settings.plain_answers
    union
    select plain_word(text) as text from settings.consent_words
),

-- One cell that is neither does not hide what the others say; a number tells that something was counted.
of_flags as (
    select cells.entity, cells.written_name
    from (
        select entity, written_name, plain_word(written) as word, count(*) as filled
        from perhaps_cells
        where written <> '' and not is_nothing(written)
        group by all
    ) as cells
    left join answers on answers.text = cells.word
    group by cells.entity, cells.written_name
    having coalesce(sum(cells.filled) filter (where answers.text is not null), 0) * 2 >= sum(cells.filled)
       and not bool_or(regexp_full_match(cells.word, '[0-9]+') and cells.word not in ('0', '1'))
),

spoken as (
    select switched.* replace (if(of_flags.written_name is null, switched.says, list_append(switched.says, 'agreement')) as says)
    from switched
    left join of_flags on of_flags.entity = switched.entity and of_flags.written_name = switched.written_name
),

told as (
    select
        entity,
        written_name,
        name,
        case
            when list_contains(says, 'refusal') then 'refusal'
            when list_contains(says, 'until') and has_subject then 'until'
            when list_contains(says, 'agreement') and not list_contains(says, 'detail') then 'agreement'
            when list_contains(says, 'list') then 'list'
            else 'hint'
        end as says,
        list_contains(says, 'settled') as is_settled,
        list_contains(says, 'list') as is_list,
        not has_channel as is_general,
        coalesce(nullif(list_intersect(['email', 'sms', 'whatsapp', 'push'], says), []), ['email', 'sms', 'whatsapp', 'push']) as channels,
    from spoken
    where (list_has_any(says, ['refusal', 'agreement', 'hint', 'list']) or (list_contains(says, 'until') and has_subject) or entity = 'consents')
      and not list_contains(says, 'apart')
      and (list_has_any(says, ['refusal', 'hint', 'list', 'until']) or not list_contains(says, 'detail') or entity = 'consents')
)

select * from told
