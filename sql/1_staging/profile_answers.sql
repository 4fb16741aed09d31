-- What every profile row says about consent: its subscription flags, and columns and attributes whose name speaks of it.
-- one row per answer_key
with

words as (
    select plain_word(text) as text, min(is_subscribed) as is_subscribed
    from settings.consent_words
    where trim(text) <> ''
    group by all
),

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

cells as (
    select
        records.record_key,
        records.profile_key,
        records.updated_at,
        records.updated_until,
        columns.name,
        columns.written_name,
        columns.says,
        columns.is_settled,
        columns.channels,
        nullif(trim(json_extract_string(records.landed_attributes, place_of(columns.written_name))), '') as written,
    from staging.profile_records as records
    cross join staging.consent_columns as columns
    union all
    select
        attributes.record_key,
        attributes.profile_key,
        attributes.updated_at,
        attributes.updated_until,
        columns.name,
        attributes.name as written_name,
        columns.says,
        columns.is_settled,
        columns.channels,
        attributes.value as written,
    from staging.attribute_records as attributes
    inner join staging.consent_columns as columns on columns.name = attributes.name
    where attributes.owner_type <> 'device' and attributes.profile_key is not null
),

together as (
    select record_key, profile_key, name, name as written_name, 'flag' as says, true as is_settled, [split_part(name, '_', 1)] as channels, written, updated_at, updated_until
    from flags
    union all
    select record_key, profile_key, name, written_name, says, is_settled, channels, written, updated_at, updated_until
    from cells
    where written is not null
),

read as (
    select
        together.*,
        words.is_subscribed as word,
        plain.answer as plain_answer,
        -- A date in such a column is the day on which it became so; 0000-00-00 is none.
        instant(together.written) as written_at,
        regexp_full_match(together.written, '[0:. T-]*') and together.written like '%0000%' as is_empty_date,
        -- a question mark is no empty cell: somebody did not know
        (is_nothing(together.written) and together.written <> '?') or nothing.text is not null as is_no_answer,
    from together
    left join words on words.text = plain_word(together.written)
    left join plain on plain.text = plain_word(together.written)
    left join nothing on nothing.text = plain_word(together.written)
),

-- 'agreed' is a yes that does not count before somebody has settled what the column means.
answered as (
    select
        *,
        case
            when is_empty_date then null
            -- NULL and its like in such a column are an empty cell
            when says <> 'flag' and is_no_answer then null
            when says = 'flag' then case word when 'true' then 'yes' when 'false' then 'no' else 'unknown' end
            -- inactive or deleted says nothing of consent where a name speaks of a status
            when says = 'hint' then
                if(status_refuses(written) or (regexp_matches(name, 'pref|communic') and word = 'false'), 'no', null)
            when says = 'refusal' then
                case
                    when plain_answer = 'yes' then 'no'
                    when plain_answer = 'no' then 'agreed'
                    when word = 'false' then if(plain_word(written) in ('none', 'never', '-1'), 'agreed', 'no')
                    when word = 'true' then 'agreed'
                    when word is null and written_at is not null then 'no'
                    else 'unknown'
                end
            when plain_answer = 'no' or word = 'false' then 'no'
            when plain_answer = 'yes' or word = 'true' or (word is null and written_at is not null) then if(is_settled, 'yes', 'agreed')
            else 'unknown'
        end as answer,
    from read
),

spread as (
    select
        record_key || ':' || written_name || ':' || channel as answer_key,
        profile_key,
        channel,
        name,
        says,
        answer,
        written,
        word is null and plain_answer is null and written_at is null as is_strange,
        said_at(case when says = 'refusal' and answer = 'no' then coalesce(said_at(written_at), updated_at) else updated_at end) as updated_at,
        said_at(case when says = 'refusal' and answer = 'no' then coalesce(said_until(written, said_at(written_at)), updated_until) else updated_until end) as updated_until,
    from (select *, unnest(channels) as channel from answered where answer is not null)
)

select * from spread
