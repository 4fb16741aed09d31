-- Every attribute value of every person, in the form its Freshsales field takes; what does not fit says so.
-- one row per person_key, attribute
-- parts: by person_key
with

-- Where each attribute goes. A field every account has is read as its list says, a custom field by its type.
places as (
    select
        proposals.attribute,
        proposals.entity,
        proposals.name,
        proposals.type,
        proposals.date_order,
        proposals.is_decimal_comma,
        proposals.is_birth_date,
        proposals.separator,
        proposals.confidence,
        proposals.name like 'cf\_%' escape '\' as is_custom,
        fields.cleaner,
        case
            when proposals.name like 'cf\_%' escape '\' then proposals.type
            when fields.cleaner = 'flag' then 'checkbox'
            else coalesce(fields.cleaner, 'text')
        end as reading,
    from mapping.proposals as proposals
    left join settings.standard_fields as fields
        on fields.entity = proposals.entity
        and fields.field = proposals.name
    where proposals.decision = 'send'
),

-- Numbers are written as numbers are everywhere, read where the person lives.
numbers as (
    select attributes.person_key, attributes.attribute, phones.mobile_number as number
    from mapping.person_attributes as attributes
    inner join places on places.attribute = attributes.attribute and places.cleaner = 'phone'
    inner join staging.phones as phones on phones.phone_raw = attributes.value
    left join staging.profiles as profiles on profiles.profile_key = attributes.person_key
    qualify row_number() over (
        partition by attributes.person_key, attributes.attribute
        order by phones.region is distinct from profiles.region, phones.mobile_number is null, phones.mobile_number
    ) = 1
),

-- A number, a date, a yes, a choice: every spelling is read once, however many people have it.
spellings as (
    select
        places.*,
        written.value,
        if(places.reading = 'number', plain_number(written.value, places.is_decimal_comma), null) as number,
    from (select distinct attribute, value from mapping.person_attributes) as written
    inner join places
        on places.attribute = written.attribute
        and places.reading in ('number', 'checkbox', 'date', 'time', 'dropdown', 'multi_select')
),

-- Choices in one spelling.
chosen as (
    select
        attribute,
        value,
        to_json(list(choice order by position))::varchar as entries,
        max(choice) as choice,
    from (
        select cut.attribute, cut.value, choices.choice, min(cut.position) as position
        from (
            select attribute, value, unnest(found) as entry, generate_subscripts(found, 1) as position
            from (
                select attribute, value, entries(value, case when type = 'multi_select' then separator end) as found
                from spellings
                where reading in ('dropdown', 'multi_select')
            )
        ) as cut
        inner join mapping.choices as choices
            on choices.attribute = cut.attribute
            and choices.folded = lower(cut.entry)
        group by all
    )
    group by attribute, value
),

read as (
    select
        spellings.attribute,
        spellings.value,
        case spellings.reading
            when 'number' then
                case
                    when regexp_full_match(spellings.number, '-?\d{1,11}') then spellings.number
                    when regexp_full_match(spellings.number, '-?\d{1,11}\.\d+')
                        then regexp_replace(try_cast(spellings.number as decimal(18, 4))::varchar, '\.?0+$', '')
                end
            when 'checkbox' then flags.is_yes
            when 'multi_select' then chosen.entries
            when 'dropdown' then left(chosen.choice, (select text_max_length from staging.typed_options))
            when 'time' then instant(spellings.value, spellings.date_order = 'month first')::varchar
            else (
                case
                    when spellings.is_birth_date then birth_day(spellings.value, spellings.date_order = 'month first', today)
                    when is_digits(spellings.value) then stamped_day(spellings.value)
                    else written_day(spellings.value, spellings.date_order = 'month first')
                end
            )::varchar
        end as value_read,
    from spellings
    cross join (select try_cast(value as timestamptz)::date as today from settings.run where name = 'run_at')
    left join settings.flag_words as flags on flags.text = lower(spellings.value)
    left join chosen on chosen.attribute = spellings.attribute and chosen.value = spellings.value
),

settled as (
    select
        attributes.person_key,
        attributes.attribute,
        places.entity,
        places.name,
        places.type,
        places.confidence,
        places.cleaner,
        places.reading,
        attributes.value as original,
        case
            when numbers.attribute is not null then numbers.number
            when places.reading in ('number', 'checkbox', 'date', 'time', 'dropdown', 'multi_select') then read.value_read
            when places.reading = 'email' then lower(trim(attributes.value))
            when contains(attributes.value, '+') and is_rounded_id(trim(attributes.value)) then null
            -- a program that took it for a number wrote 450611178002.0
            when attributes.value like '%.0' and regexp_full_match(attributes.value, if(places.name = 'zipcode', '\d+[.]0', '\d{6,}[.]0')) then left(attributes.value, -2)
            when not places.is_custom then attributes.value
            when places.type = 'text_area' then left(attributes.value, (select text_area_max_length from staging.typed_options))
            else left(attributes.value, (select text_max_length from staging.typed_options))
        end as value,
    from mapping.person_attributes as attributes
    inner join places on places.attribute = attributes.attribute
    left join numbers on numbers.person_key = attributes.person_key and numbers.attribute = attributes.attribute
    left join read on read.attribute = attributes.attribute and read.value = attributes.value
),

explained as (
    select
        * exclude (cleaner, reading),
        case
            when length(value) < length(original) and original not like '%.0' and reading in ('text', 'lines', 'text_area', 'dropdown')
                then 'cut to ' || length(value) || ' of ' || length(original) || ' characters'
            when value is not null then null
            when is_rounded_id(trim(original)) then 'was cut by a spreadsheet and has lost its last digits'
            when cleaner = 'phone' then 'is not a telephone number'
            when reading = 'number' then 'is not a number of at most 11 digits'
            when reading = 'checkbox' then 'is neither yes nor no'
            when reading = 'date' then 'is not a date'
            when reading = 'time' then 'is not a time'
        end as problem,
    from settled
)

select * from explained
