-- Every attribute value of every person, in the form its Freshsales field takes; what does not fit says so.
-- one row per person_key, attribute
-- parts: by person_key
with

sent as (
    select
        attributes.person_key,
        attributes.attribute,
        proposals.entity,
        proposals.name,
        proposals.type,
        proposals.date_order,
        proposals.is_decimal_comma,
        proposals.is_birth_date,
        proposals.separator,
        proposals.confidence,
        attributes.value,
        flags.is_yes,
        fields.cleaner,
        -- a field every account has is read as its list says, a custom field by its type
        case
            when proposals.name like 'cf\_%' escape '\' then proposals.type
            when fields.cleaner = 'flag' then 'checkbox'
            else coalesce(fields.cleaner, 'text')
        end as reading,
    from mapping.person_attributes as attributes
    inner join mapping.proposals as proposals
        on proposals.attribute = attributes.attribute
    left join settings.flag_words as flags
        on flags.text = lower(attributes.value)
    left join settings.standard_fields as fields
        on fields.entity = proposals.entity
        and fields.field = proposals.name
    where proposals.decision = 'send'
),

-- Numbers are written as numbers are everywhere, read where the person lives.
numbers as (
    select sent.person_key, sent.attribute, phones.mobile_number as number
    from sent
    inner join staging.phones as phones on phones.phone_raw = sent.value
    left join staging.profiles as profiles on profiles.profile_key = sent.person_key
    where sent.cleaner = 'phone'
    qualify row_number() over (
        partition by sent.person_key, sent.attribute
        order by phones.region is distinct from profiles.region, phones.mobile_number is null, phones.mobile_number
    ) = 1
),

-- A number, a date, a yes: every spelling is read once, however many people have it.
spellings as (
    select distinct attribute, reading, is_decimal_comma, is_birth_date, date_order, is_yes, value
    from sent
    where reading in ('number', 'checkbox', 'date', 'time')
),

read as (
    select
        attribute,
        value,
        case
            when reading = 'number' then
                case
                    when regexp_full_match(plain_number(value, is_decimal_comma), '-?\d{1,11}') then plain_number(value, is_decimal_comma)
                    when regexp_full_match(plain_number(value, is_decimal_comma), '-?\d{1,11}\.\d+')
                        then regexp_replace(try_cast(plain_number(value, is_decimal_comma) as decimal(18, 4))::varchar, '\.?0+$', '')
                end
            when reading = 'checkbox' then is_yes
            when reading = 'time' then instant(value, date_order = 'month first')::varchar
            when is_birth_date then birth_day(value, date_order = 'month first', today)::varchar
            when is_digits(value) then stamped_day(value)::varchar
            else written_day(value, date_order = 'month first')::varchar
        end as value_read,
    from spellings
    cross join (select try_cast(value as timestamptz)::date as today from settings.run where name = 'run_at')
),

converted as (
    select
        sent.person_key,
        sent.attribute,
        sent.entity,
        sent.name,
        sent.type,
        sent.confidence,
        sent.cleaner,
        sent.reading,
        sent.separator,
        sent.value as original,
        case
            when numbers.attribute is not null then numbers.number
            when sent.reading in ('number', 'checkbox', 'date', 'time') then read.value_read
            when sent.reading = 'email' then lower(trim(sent.value))
            when sent.name not like 'cf\_%' escape '\' then sent.value
            when sent.type in ('multi_select', 'dropdown') then null
            when sent.type = 'text_area' then left(sent.value, (select text_area_max_length from staging.typed_options))
            else left(sent.value, (select text_max_length from staging.typed_options))
        end as value,
    from sent
    left join numbers on numbers.person_key = sent.person_key and numbers.attribute = sent.attribute
    left join read on read.attribute = sent.attribute and read.value = sent.value
),

-- Choices in one spelling.
chosen as (
    select
        person_key,
        attribute,
        to_json(list(choice order by position))::varchar as entries,
        max(choice) as choice,
    from (
        select cut.person_key, cut.attribute, choices.choice, min(cut.position) as position
        from (
            select person_key, attribute, unnest(found) as entry, generate_subscripts(found, 1) as position
            from (
                select person_key, attribute, entries(original, case when type = 'multi_select' then separator end) as found
                from converted
                where type in ('dropdown', 'multi_select') and name like 'cf\_%' escape '\'
            )
        ) as cut
        inner join mapping.choices as choices
            on choices.attribute = cut.attribute
            and choices.folded = lower(cut.entry)
        group by all
    )
    group by person_key, attribute
),

settled as (
    select
        converted.* exclude (separator) replace (
            case
                when converted.value is not null then converted.value
                when converted.type = 'multi_select' then chosen.entries
                when converted.type = 'dropdown'
                    then left(chosen.choice, (select text_max_length from staging.typed_options))
            end as value
        ),
    from converted
    left join chosen
        on chosen.person_key = converted.person_key
        and chosen.attribute = converted.attribute
),

explained as (
    select
        * exclude (cleaner, reading),
        case
            when length(value) < length(original) and reading in ('text', 'lines', 'text_area', 'dropdown')
                then 'cut to ' || length(value) || ' of ' || length(original) || ' characters'
            when value is not null then null
            when cleaner = 'phone' then 'is not a telephone number'
            when reading = 'number' then 'is not a number of at most 11 digits'
            when reading = 'checkbox' then 'is neither yes nor no'
            when reading = 'date' then 'is not a date'
            when reading = 'time' then 'is not a time'
        end as problem,
    from settled
)

select * from explained
