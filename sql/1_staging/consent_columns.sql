-- Columns and attributes of profiles that speak of consent by their name, and what they say where they are filled.
-- one row per written_name
with

written_names as (
    select distinct unnest(written_names) as written_name
    from (select distinct json_keys(_extra) as written_names from landed.user_profiles)
    union
    select distinct name as written_name
    from landed.attributes
    where coalesce(lower(trim(owner_type)), '') <> 'device'
),

-- emailOptOut, Email Opt-Out and email_opt_out are one name
tidy_names as (
    select
        written_name,
        lower(trim(regexp_replace(written_name, '[^\p{L}\p{N}]+', '_', 'g'), '_')) as name,
        '_' || strip_accents(lower(trim(regexp_replace(regexp_replace(written_name, '([a-z])([A-Z])', '\1_\2', 'g'), '[^\p{L}\p{N}]+', '_', 'g'), '_'))) || '_' as parts,
    from written_names
    where trim(written_name) <> ''
),

found as (
    select
        names.written_name,
        names.name,
        list(distinct list.says) as says,
    from tidy_names as names
    inner join settings.consent_columns as list
        on contains(names.parts, lower(list.part))
        or contains('_' || strip_accents(names.name) || '_', lower(list.part))
        or '=' || names.name = lower(list.part)
        or '=' || strip_accents(names.name) = lower(list.part)
    group by all
),

-- email_enabled and sms_ok speak of consent, because they speak of a channel
switched as (
    select
        * replace (
            if(list_contains(says, 'switch') and list_has_any(says, ['email', 'sms', 'whatsapp', 'push']), list_append(says, 'agreement'), says) as says
        ),
    from found
),

-- deals_by_email does where its cells say yes and no: it could as well hold an address.
perhaps as (
    select written_name
    from switched
    where list_contains(says, 'perhaps')
      and (list_has_any(says, ['email', 'sms', 'whatsapp', 'push']) or not contains(name, '_'))
      and not list_has_any(says, ['agreement', 'refusal', 'apart'])
),

perhaps_cells as (
    select perhaps.written_name, trim(json_extract_string(rows._extra, place_of(perhaps.written_name))) as written
    from landed.user_profiles as rows
    cross join perhaps
    union all
    select perhaps.written_name, trim(attributes.value) as written
    from landed.attributes as attributes
    inner join perhaps on perhaps.written_name = attributes.name
),

of_flags as (
    select written_name
    from perhaps_cells
    where written <> '' and not is_nothing(written)
    group by written_name
    having bool_and(plain_word(written) in (select plain_word(text) from settings.plain_answers union select plain_word(text) from settings.consent_words))
),

spoken as (
    select switched.* replace (if(of_flags.written_name is null, switched.says, list_append(switched.says, 'agreement')) as says)
    from switched
    left join of_flags on of_flags.written_name = switched.written_name
),

told as (
    select
        written_name,
        name,
        case
            when list_contains(says, 'refusal') then 'refusal'
            when list_contains(says, 'agreement') and not list_contains(says, 'detail') then 'agreement'
            else 'hint'
        end as says,
        list_contains(says, 'settled') as is_settled,
        coalesce(nullif(list_intersect(['email', 'sms', 'whatsapp', 'push'], says), []), ['email', 'sms', 'whatsapp', 'push']) as channels,
    from spoken
    where list_has_any(says, ['refusal', 'agreement', 'hint'])
      and not list_contains(says, 'apart')
      and (list_has_any(says, ['refusal', 'hint']) or not list_contains(says, 'detail'))
)

select * from told
