-- Where each attribute goes, how sure we are and why; conflicts and unsure ones first, then what was answered before.
-- one row per attribute
with

limits as (
    select
        picklist_max_choices::double as max_choices,
        picklist_max_share as max_share,
        text_max_length::double as text_length,
    from staging.typed_options
),

choices as (
    select name, array_to_string(choices[1:30], ', ') || case when len(choices) > 30 then ', …' else '' end as choices
    from freshsales.fields
    where entity = 'contacts'
),

-- Kinds of field that take at least half of the values; texts take all.
kinds as (
    select
        profiles.attribute,
        profiles.longest,
        concat_ws(
            ' ',
            'text text_area',
            case when share_numbers >= 0.5 then 'number' end,
            case when distinct_values < max_choices then 'dropdown' end,
            case when greatest(distinct_elements, distinct_values * (1 - share_lists)) < max_choices then 'multi_select' end,
            case when greatest(share_yes_or_no, share_bits) >= 0.5 then 'checkbox' end,
            case when share_dates >= 0.5 then 'date' end
        ) as kinds,
        distinct_values < max_choices and distinct_values / filled > max_share and greatest(share_numbers, share_dates, share_yes_or_no, share_json) < 0.5 as is_narrowed,
    from mapping.attribute_profiles as profiles
    cross join limits
),

lost as (
    select
        attribute,
        count(*) filter (where value is null) as left_out,
        count(*) filter (where value is not null) as cut,
    from mapping.person_fields
    where problem is not null
    group by attribute
),

-- Kinds of which more fields are needed than your plan allows or, where it is not known, the largest.
crowded as (
    select
        type,
        max(needed) as needed,
        coalesce(max(allowed) filter (where is_yours), max(allowed)) as allowed,
        coalesce('your plan ' || max(plan) filter (where is_yours), 'the largest plan') as plan,
    from reports.field_budget
    group by type
    having max(needed) > coalesce(max(allowed) filter (where is_yours), max(allowed))
),

shared as (
    select entity, name, string_agg(attribute, ' and ' order by attribute) as attributes
    from mapping.proposals
    where decision = 'send'
    group by entity, name
    having count(*) > 1
),

-- Fields that come from the profile itself; an attribute only fills their gaps.
own_values as (
    select 'first_name' as name, count(first_name) as people from matching.golden
    union all
    select 'last_name', count(last_name) from matching.golden
    union all
    select 'mobile_number', count(mobile_number) from matching.golden
),

described as (
    select
        proposals.attribute,
        proposals.entity,
        proposals.name,
        coalesce(standard.label, proposals.label) as label,
        proposals.type,
        proposals.decision = 'send' as is_sent,
        choices.choices,
        proposals.confidence,
        case when proposals.decision = 'skip' and not proposals.is_confirmed then 'left behind: ' || proposals.why else proposals.why end
            || case when kinds.is_narrowed and proposals.type in ('text', 'text_area') and proposals.name like 'cf\_%' escape '\' then '; fewer than ' || limits.max_choices::bigint || ' different values, but more than half as many as people: too many for a list' else '' end as why,
        case
            when shared.attributes is not null and proposals.decision = 'send' then 'one field, several attributes: ' || shared.attributes || '; only one value can stand in it'
            when own_values.people > 0 and proposals.decision = 'send' and proposals.entity = 'contacts'
                then format('{:,}', own_values.people) || ' people have a value of their own in this field, and keep it; the attribute fills it for the others only'
            when proposals.is_confirmed and proposals.decision = 'send' and proposals.name like 'cf\_%' escape '\' and not contains(' ' || kinds.kinds || ' ', ' ' || proposals.type || ' ')
                then 'most of its values do not fit this kind of field'
            when crowded.type is not null and proposals.decision = 'send' and proposals.entity = 'contacts' and proposals.name like 'cf\_%' escape '\'
                then crowded.needed || ' fields of this kind are needed, and ' || crowded.plan || ' allows ' || crowded.allowed || ': choose another kind, or skip some'
        end as conflict,
        nullif(concat_ws(
            '; ',
            case when lost.left_out > 0 then format('{:,}', lost.left_out) || ' of ' || format('{:,}', proposals.filled) || ' values do not fit and stay behind' end,
            case when lost.cut > 0 then format('{:,}', lost.cut) || ' values are cut' end
        ), '') as lost,
        proposals.filled,
        proposals.distinct_values,
        proposals.samples,
        -- Free texts and addresses are somebody's, however few there are.
        proposals.type = 'text_area'
            or contains(proposals.samples, '@')
            or proposals.type not in ('dropdown', 'multi_select', 'checkbox') and proposals.distinct_values > 20 as is_masked,
        coalesce(proposals.declared_type, '') as source,
        proposals.answer as decision,
        proposals.who,
        proposals.decided_at,
        kinds.kinds,
    from mapping.proposals as proposals
    cross join limits
    left join choices on choices.name = proposals.name and proposals.entity = 'contacts'
    left join settings.standard_fields as standard on standard.entity = proposals.entity and standard.field = proposals.name
    left join kinds on kinds.attribute = proposals.attribute
    left join lost on lost.attribute = proposals.attribute
    left join crowded on crowded.type = proposals.type
    left join own_values on own_values.name = proposals.name
    left join shared on shared.entity = proposals.entity and shared.name = proposals.name
)

select
    * exclude (is_masked, is_sent) replace (
        case
            -- Enough to recognise what a value is, not whose it is: ends stay, digits show as 9, letters as x.
            when is_masked then array_to_string(
                list_transform(
                    string_split(samples, ' · '),
                    lambda sample: left(sample, 1)
                        || regexp_replace(regexp_replace(sample[2:-2], '[0-9]', '9', 'g'), '\p{L}', 'x', 'g')
                        || case when length(sample) > 1 then right(sample, 1) else '' end
                ),
                ' · '
            )
            else samples
        end as samples
    ),
from described
order by conflict is null, decision is not null, confidence, attribute
