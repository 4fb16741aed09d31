-- Where each attribute should go in Freshsales, how sure we are, and why; what the customer confirmed wins.
-- one row per attribute
with

limits as (
    select
        picklist_max_choices as max_choices,
        picklist_max_share as max_share,
        attributes_minimum_fit as minimum_fit,
        text_max_length as text_length,
    from staging.typed_options
),

definitions as (
    select name, display_name, data_type
    from staging.attribute_definitions
    where fate = 'kept'
),

answers as (
    select * from settings.field_map
    where entity not in ('lifecycle_map', 'deal_tiers', 'owners', 'tags', 'segments')
       or entity is null
    qualify row_number() over (partition by attribute order by decided_at desc) = 1
),

-- For a production account: the attributes that were there when the rehearsal was signed. One that came
-- later and that nobody confirmed is left out, and listed.
signed as (
    select unnest(from_json(value, '["varchar"]')) as attribute
    from settings.scope
    where name = 'map.known'
),

-- The types their fields had then are frozen: a later value that does not fit is withheld and listed, alone.
frozen as (
    select pair[1] as attribute, pair[2] as type
    from (select unnest(from_json(value, '[["varchar"]]')) as pair from settings.scope where name = 'map.types')
),

-- First the type, by what the values are; what Xtremepush declares only settles doubtful cases.
typed as (
    select
        profiles.*,
        definitions.display_name,
        definitions.data_type as declared_type,
        profiles.filled / greatest((select count(*) from matching.golden where not is_anonymous), 1) as share_filled,
        birth_dates.attribute is not null as is_birth_date,
        case
            when profiles.is_list and share_lists >= minimum_fit and distinct_elements < max_choices then 'multi_select'
            when share_json >= minimum_fit then 'text_area'
            when birth_dates.attribute is not null and share_dates >= minimum_fit then 'date'
            when names_a_time(profiles.attribute) and share_dates >= minimum_fit then 'date'
            when share_yes_or_no > 0 and share_flags >= minimum_fit then 'checkbox'
            when share_bits >= minimum_fit and coalesce(definitions.data_type, 'boolean') = 'boolean' then 'checkbox'
            when share_numbers >= minimum_fit and definitions.data_type is distinct from 'string' then 'number'
            when share_dates >= minimum_fit then 'date'
            when profiles.is_list and share_lists = 0 and distinct_elements < max_choices then 'multi_select'
            when distinct_choices < max_choices and distinct_choices / filled <= max_share
                and longest <= text_length then 'dropdown'
            when longest > text_length then 'text_area'
            else 'text'
        end as proposed_type,
    from mapping.attribute_profiles as profiles
    cross join limits
    left join definitions on definitions.name = profiles.attribute
    left join (select distinct attribute from settings.matching where compares_as = 'birth_date') as birth_dates
        on birth_dates.attribute = profiles.attribute
),

reasoned as (
    select
        typed.*,
        case proposed_type
            when 'multi_select' then 'lists of ' || distinct_elements || ' different entries'
                || case when list_called = 'JSON' then '' else ', separated by ' || list_called end
            when 'checkbox' then 'the values are ' || case when share_bits >= share_yes_or_no then '1 and 0' else 'yes and no' end
            when 'number' then round(100 * share_numbers, 1)::varchar || ' % of the values are numbers'
                || case when is_decimal_comma and share_numbers > 0 and samples like '%,%' then ', with a decimal comma' else '' end
                || case when is_decimal_unclear then ' (no value settles whether 1,234 is a thousand or about one)' else '' end
            when 'date' then round(100 * share_dates, 1) || ' % of the values are dates'
                || case when date_order = 'year first' then '' else ', read ' || date_order end
                || case when is_date_order_ambiguous then ' (no value settles whether day or month comes first)' else '' end
            when 'dropdown' then distinct_choices || ' different values among ' || filled || ' people: a list to choose from'
            when 'text_area' then case when share_json > 0.5 then 'structured data, kept as text' else 'texts of up to ' || longest || ' characters' end
            else case
                when units > 1 then 'numbers in several units: free text'
                when distinct_values >= (select max_choices from limits) then distinct_values || ' different values: free text'
                else 'nearly every person has a value of their own: free text'
            end
        end || case
            when proposed_type = 'date' or proposed_type = 'checkbox' then ''
            when share_stamps >= (select minimum_fit from limits) then '; perhaps times, counted since 1970: then choose a date'
            when proposed_type = 'dropdown' and units > 1 then '; numbers in several units'
            when proposed_type <> 'number' and share_any_numbers >= (select minimum_fit from limits)
                then '; its numbers are written in two ways, with a decimal point and with a comma'
            else ''
        end as type_reason,
        -- how much of the column speaks for this type
        case proposed_type
            when 'checkbox' then share_flags
            when 'number' then share_numbers
            when 'date' then case when is_date_order_ambiguous then 0.5 else share_dates end
            when 'dropdown' then 1 - distinct_choices / filled
            when 'multi_select' then case when list_called = 'commas' then 0.7 else 0.9 end
            else 0.4
        end as share_fitting,
    from typed
),

-- Names of attributes that belong into a field every account has: those of the list, and the names of the fields that
-- settings.standard_fields alone fills.
known as (
    select attribute, entity, field, try_cast(confidence as double) as confidence
    from settings.standard_attributes
    union all
    select name as attribute, entity, field, 0.95 as confidence
    from (
        select entity, field, unnest(list_distinct(if(
            entity = 'accounts',
            ['company_' || field, replace(lower(trim(label)), ' ', '_')],
            [field, replace(lower(trim(label)), ' ', '_')]
        ))) as name
        from settings.standard_fields
        where filled_by = 'list' and takes_attributes = 'true'
    )
    where name not in (select attribute from settings.standard_attributes)
    qualify row_number() over (partition by name order by name = field desc, entity desc, field) = 1
),

-- Then the place: a field Freshsales has already, or a custom field named after the attribute.
placed as (
    select
        reasoned.*,
        coalesce(standard.entity, 'contacts') as proposed_entity,
        coalesce(standard.field, 'cf_' || named.bare) as proposed_name,
        field_words(named.bare) as proposed_label,
        -- the name, if a list knows it; the share of values that fit; how many people have one; what the source declares
        round(least(0.99, coalesce(
            standard.confidence * (0.9 + 0.1 * sqrt(least(share_filled, 1))),
            0.45 + 0.4 * share_fitting + 0.1 * sqrt(least(share_filled, 1))
                + case
                    when reasoned.declared_type is null then 0
                    when (reasoned.declared_type, proposed_type) in (
                        ('boolean', 'checkbox'), ('integer', 'number'), ('float', 'number'), ('number', 'number'), ('date', 'date'),
                        ('string', 'text'), ('string', 'dropdown'), ('string', 'text_area'), ('array', 'multi_select'), ('list', 'multi_select')
                    ) then 0.05
                    else -0.1
                end
        )), 2) as confidence,
        case
            when rules.decision = 'skip' then coalesce(rules.reason, 'left behind by agreement')
            when consent.name is not null then 'its name speaks of consent: a no there counts as a no, and no yes before somebody settles what it means'
            when gone."column" is not null then 'its name says that a profile was deleted, erased or merged: it decides who moves'
            when (select count(*) from signed) > 0 and reasoned.attribute not in (select attribute from signed)
                then 'new since the rehearsal was signed; confirm it to send it'
            when standard.field is not null then 'the name says it: ' || field_words(standard.field) || ' of the ' || record_word(standard.entity)
            else type_reason
        end || case when is_reference then '; codes are replaced by their text' else '' end
            || coalesce('; in the exports it is called ' || spellings.written, '') as why,
        case
            when rules.decision = 'skip' then 'skip'
            when (select count(*) from signed) > 0 and reasoned.attribute not in (select attribute from signed) then 'skip'
            when rules.decision is null and (consent.name is not null or gone."column" is not null) then 'skip'
        end as ruled,
    from reasoned
    left join known as standard
        on standard.attribute = reasoned.attribute
        and standard.field not in ('mobile_number', 'email', 'first_name', 'last_name')  -- what is left of those differs
    left join settings.attribute_rules as rules on rules.attribute = reasoned.attribute
    left join (select distinct name from staging.consent_columns where entity = 'user_profiles' and says <> 'hint') as consent on consent.name = reasoned.attribute
    -- status may mean many things; it goes along as a field besides
    left join (select distinct name as "column" from staging.gone_columns where holds not in ('word', 'remark')) as gone on gone."column" = reasoned.attribute
    -- the name without the sign of a custom field, which some sources write too
    cross join lateral (select regexp_replace(if(standard.field like 'cf\_%' escape '\', standard.field, reasoned.attribute), '^(cf_)+', '') as bare) as named
    left join (
        select name, string_agg('"' || written_name || '"', ', ' order by written_name) as written
        from staging.attribute_names
        where is_crowded
        group by name
    ) as spellings on spellings.name = reasoned.attribute
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
        coalesce(
            answers.type,
            frozen.type,
            case
                when proposed_name in ('cf_points_balance', 'cf_achievement_count', 'cf_lifetime_value') then 'number'
                when proposed_name like 'cf\_%' escape '\' and proposed_name <> 'cf_loyalty_tier' then proposed_type
                else 'text'
            end
        ) as type,
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
        is_decimal_comma,
        is_decimal_unclear,
        is_birth_date,
        separator,
        times_of_day,
        samples,
    from placed
    left join answers on answers.attribute = placed.attribute
    left join frozen on frozen.attribute = placed.attribute
)

select * from decided
