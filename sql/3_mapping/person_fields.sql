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
        proposals.confidence,
        attributes.value,
    from mapping.person_attributes as attributes
    inner join mapping.proposals as proposals
        on proposals.attribute = attributes.attribute
    where proposals.decision = 'send'
),

converted as (
    select
        person_key,
        attribute,
        entity,
        name,
        type,
        confidence,
        value as original,
        case
            when name not like 'cf\_%' escape '\' then value
            when type = 'number' then
                case
                    when regexp_full_match(value, '-?(0|[1-9]\d{0,10})') then value
                    when regexp_full_match(value, '-?(0|[1-9]\d{0,10})\.\d+')
                        then regexp_replace(try_cast(value as decimal(18, 4))::varchar, '\.?0+$', '')
                end
            when type = 'checkbox' then
                case
                    when lower(value) in ('true', 'yes', 'y', '1') then 'true'
                    when lower(value) in ('false', 'no', 'n', '0') then 'false'
                end
            when type = 'date' then
                coalesce(
                    case when regexp_full_match(value, '\d{4}-\d{2}-\d{2}([ T].*)?') then try_cast(left(value, 10) as date) end,
                    case
                        when date_order = 'month first' then try_strptime(regexp_replace(value, '[.-]', '/', 'g'), '%m/%d/%Y')::date
                        else try_strptime(regexp_replace(value, '[.-]', '/', 'g'), '%d/%m/%Y')::date
                    end
                )::varchar
            when type = 'multi_select' then
                case when value like '[%]' and json_valid(value) then value else to_json([value])::varchar end
            when type = 'text_area' then left(value, (select value::bigint from staging.options where name = 'text_area.max_length'))
            else left(value, (select value::bigint from staging.options where name = 'text.max_length'))
        end as value,
    from sent
),

explained as (
    select
        *,
        case
            when value is not null and length(value) < length(original) and type in ('text', 'text_area', 'dropdown')
                then 'cut to ' || length(value) || ' of ' || length(original) || ' characters'
            when value is not null then null
            when type = 'number' then 'is not a number of at most 11 digits'
            when type = 'checkbox' then 'is neither yes nor no'
            when type = 'date' then 'is not a date'
        end as problem,
    from converted
)

select * from explained
