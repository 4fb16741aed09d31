-- Every attribute value of every person, in the form its Freshsales field takes; what does not fit says so.
-- one row per person_key, attribute
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
    from mapping.person_attributes as attributes
    inner join mapping.proposals as proposals
        on proposals.attribute = attributes.attribute
    left join settings.flag_words as flags
        on flags.text = lower(attributes.value)
    where proposals.decision = 'send'
),

-- Numbers are written as numbers are everywhere, read where the person lives.
numbers as (
    select sent.person_key, sent.attribute, phones.mobile_number as number
    from sent
    inner join staging.phones as phones on phones.phone_raw = sent.value
    left join staging.profiles as profiles on profiles.profile_key = sent.person_key
    where sent.entity = 'contacts' and sent.name in ('mobile_number', 'work_number')
    qualify row_number() over (
        partition by sent.person_key, sent.attribute
        order by phones.region is distinct from profiles.region, phones.mobile_number is null, phones.mobile_number
    ) = 1
),

-- A number, a date, a yes: every spelling is read once, however many people have it.
spellings as (
    select distinct attribute, type, is_decimal_comma, is_birth_date, date_order, is_yes, value
    from sent
    where name like 'cf\_%' escape '\'
      and type in ('number', 'checkbox', 'date')
),

read as (
    select
        attribute,
        value,
        case
            when type = 'number' then
                case
                    when regexp_full_match(plain_number(value, is_decimal_comma), '-?\d{1,11}') then plain_number(value, is_decimal_comma)
                    when regexp_full_match(plain_number(value, is_decimal_comma), '-?\d{1,11}\.\d+')
                        then regexp_replace(try_cast(plain_number(value, is_decimal_comma) as decimal(18, 4))::varchar, '\.?0+$', '')
                end
            when type = 'checkbox' then is_yes
            when is_birth_date then birth_day(value, date_order = 'month first', today)::varchar
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
        sent.separator,
        sent.value as original,
        case
            when numbers.attribute is not null then numbers.number
            when sent.name not like 'cf\_%' escape '\' then sent.value
            when sent.type in ('number', 'checkbox', 'date') then read.value_read
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
        *,
        case
            when value is not null and length(value) < length(original) and type in ('text', 'text_area', 'dropdown')
                then 'cut to ' || length(value) || ' of ' || length(original) || ' characters'
            when value is not null then null
            when entity = 'contacts' and name in ('mobile_number', 'work_number') then 'is not a telephone number'
            when type = 'number' then 'is not a number of at most 11 digits'
            when type = 'checkbox' then 'is neither yes nor no'
            when type = 'date' then 'is not a date'
        end as problem,
    from settled
)

select * from explained
