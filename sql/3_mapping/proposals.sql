-- Where each attribute should go in Freshsales, how sure we are, and why; what the customer confirmed wins.
-- one row per attribute
with

limits as (
    select
        max(case when name = 'picklist.max_choices' then try_cast(value as double) end) as max_choices,
        max(case when name = 'picklist.max_share' then try_cast(value as double) end) as max_share,
        max(case when name = 'attributes.minimum_fit' then try_cast(value as double) end) as minimum_fit,
        max(case when name = 'text.max_length' then try_cast(value as double) end) as text_length,
    from staging.options
),

definitions as (
    select name, display_name, data_type
    from staging.attribute_definitions
    where fate = 'kept'
),

answers as (
    select * from settings.field_map
    qualify row_number() over (partition by attribute order by decided_at desc) = 1
),

-- For a production account: the attributes that were there when the rehearsal was signed. One that came
-- later and that nobody confirmed is left out, and listed.
signed as (
    select unnest(from_json(value, '["varchar"]')) as attribute
    from settings.scope
    where name = 'map.known'
),

-- First the type, by what the values are; what Xtremepush declares only settles doubtful cases.
typed as (
    select
        profiles.*,
        definitions.display_name,
        definitions.data_type as declared_type,
        case
            when share_lists >= minimum_fit and distinct_elements < max_choices then 'multi_select'
            when share_json >= minimum_fit then 'text_area'
            when share_yes_or_no >= minimum_fit then 'checkbox'
            when share_bits >= minimum_fit and coalesce(definitions.data_type, 'boolean') = 'boolean' then 'checkbox'
            when share_numbers >= minimum_fit and definitions.data_type is distinct from 'string' then 'number'
            when share_dates >= minimum_fit then 'date'
            when distinct_values < max_choices and distinct_values / filled <= max_share
                and longest <= text_length then 'dropdown'
            when longest > text_length then 'text_area'
            else 'text'
        end as proposed_type,
        case
            when share_lists >= minimum_fit and distinct_elements < max_choices
                then 'lists of ' || distinct_elements || ' different entries'
            when share_json >= minimum_fit then 'structured data, kept as text'
            when share_yes_or_no >= minimum_fit then 'the values are yes and no'
            when share_bits >= minimum_fit and coalesce(definitions.data_type, 'boolean') = 'boolean' then 'the values are 1 and 0'
            when share_numbers >= minimum_fit and definitions.data_type is distinct from 'string'
                then round(100 * share_numbers, 1)::varchar || ' % of the values are numbers'
            when share_dates >= minimum_fit
                then round(100 * share_dates, 1) || ' % of the values are dates'
                    || case when date_order = 'year first' then '' else ', read ' || date_order end
                    || case when is_date_order_ambiguous then ' (no value settles whether day or month comes first)' else '' end
            when distinct_values < max_choices and distinct_values / filled <= max_share
                and longest <= text_length
                then distinct_values || ' different values among ' || filled || ' people: a list to choose from'
            when longest > text_length then 'texts of up to ' || longest || ' characters'
            when distinct_values >= max_choices then distinct_values || ' different values: free text'
            else 'nearly every person has a value of their own: free text'
        end as type_reason,
    from mapping.attribute_profiles as profiles
    cross join limits
    left join definitions on definitions.name = profiles.attribute
),

-- Then the place: a field Freshsales has already, or a custom field named after the attribute.
placed as (
    select
        typed.*,
        coalesce(standard.entity, 'contacts') as proposed_entity,
        coalesce(standard.field, 'cf_' || typed.attribute) as proposed_name,
        upper(left(typed.attribute, 1)) || replace(typed.attribute[2:], '_', ' ') as proposed_label,
        coalesce(
            try_cast(standard.confidence as double),
            case when proposed_type in ('text', 'text_area') then 0.7 when is_date_order_ambiguous then 0.6 else 0.85 end
        ) as confidence,
        case
            when rules.decision = 'skip' then coalesce(rules.reason, 'left behind by settings')
            when consent.name is not null then 'its name speaks of consent: a no there counts as a no, and no yes before somebody settles what it means'
            when gone."column" is not null then 'its name says that a profile was deleted, erased or merged: it decides who moves'
            when (select count(*) from signed) > 0 and typed.attribute not in (select attribute from signed)
                then 'new since the rehearsal was signed; confirm it to send it'
            when standard.field is not null then 'the name says it: ' || standard.field || ' of ' || standard.entity
            else type_reason
        end || case when is_reference then '; codes are replaced by their text' else '' end as why,
        case
            when rules.decision = 'skip' then 'skip'
            when (select count(*) from signed) > 0 and typed.attribute not in (select attribute from signed) then 'skip'
            when rules.decision is null and (consent.name is not null or gone."column" is not null) then 'skip'
        end as ruled,
    from typed
    left join settings.standard_attributes as standard on standard.attribute = typed.attribute
    left join settings.attribute_rules as rules on rules.attribute = typed.attribute
    left join (select distinct name from staging.consent_columns where says <> 'hint') as consent on consent.name = typed.attribute
    -- status may mean many things; it goes along as a field besides
    left join (select distinct "column" from settings.gone_columns where holds <> 'word') as gone on gone."column" = typed.attribute
),

decided as (
    select
        placed.attribute,
        coalesce(answers.entity, proposed_entity) as entity,
        case
            when answers.name is not null then answers.name
            when answers.label is not null and proposed_name like 'cf\_%' escape '\'
                then 'cf_' || lower(regexp_replace(trim(answers.label), '\s+', '_', 'g'))
            else proposed_name
        end as name,
        coalesce(answers.label, proposed_label) as label,
        coalesce(answers.type, case when proposed_name like 'cf\_%' escape '\' then proposed_type else 'text' end) as type,
        case
            when answers.decision in ('skip', 'leave', 'exclude') then 'skip'
            when answers.decision is not null then 'send'
            else coalesce(ruled, 'send')
        end as decision,
        confidence,
        case when answers.decision is not null then 'answered by ' || coalesce(answers.who, 'the customer') else why end as why,
        answers.decision is not null as is_confirmed,
        answers.decision as answer,
        answers.who,
        answers.decided_at,
        proposed_type,
        display_name,
        declared_type,
        filled,
        distinct_values,
        date_order,
        is_date_order_ambiguous,
        samples,
    from placed
    left join answers on answers.attribute = placed.attribute
)

select * from decided
