-- Attribute values that belong into fields every Freshsales account has, one line per person; settings.standard_fields lists them.
-- one row per person_key
with

fields as (
    select
        given.person_key,
        given.entity,
        given.name,
        given.value,
        given.confidence,
        given.attribute,
        coalesce(listed.cleaner, 'text') = 'lines' as has_lines,
        coalesce(listed.filled_by, 'rules') = 'list' as is_listed,
    from mapping.person_fields as given
    left join settings.standard_fields as listed
        on listed.entity = given.entity
        and listed.field = given.name
    where trim(given.value) <> ''
      and (given.name not like 'cf\_%' escape '\' or given.name in ('cf_points_balance', 'cf_loyalty_tier', 'cf_achievement_count'))
),

-- Of several attributes the one that is surer to belong there wins; an address has several lines, the surest first.
shared as (
    select entity, name
    from mapping.proposals
    where decision = 'send'
    group by all
    having count(*) > 1
),

chosen as (
    select person_key, entity, name, value, is_listed
    from fields
    anti join shared on shared.entity = fields.entity and shared.name = fields.name
    union all
    select
        person_key,
        entity,
        name,
        case
            when bool_or(has_lines) then array_to_string(without_repeats(list(value order by confidence desc, attribute)), ', ')
            else max_by(value, (confidence, attribute))
        end as value,
        bool_or(is_listed) as is_listed,
    from fields
    semi join shared on shared.entity = fields.entity and shared.name = fields.name
    group by person_key, entity, name
),

gathered as (
    select
        person_key,
        fields_as_text(list_sort(list(struct_pack(key := name, value := value)) filter (where entity = 'contacts' and is_listed))) as contact_fields,
        fields_as_text(list_sort(list(struct_pack(key := name, value := value)) filter (where entity = 'accounts' and is_listed))) as account_fields,

        max(value) filter (where entity = 'contacts' and name = 'first_name') as first_name,
        max(value) filter (where entity = 'contacts' and name = 'last_name') as last_name,
        max(value) filter (where entity = 'contacts' and name = 'mobile_number') as mobile_number,
        max(value) filter (where entity = 'contacts' and name = 'work_number') as work_number,
        max(value) filter (where entity = 'contacts' and name = 'owner_email') as owner_text,

        max(value) filter (where name = 'cf_points_balance') as points_balance,
        max(value) filter (where name = 'cf_loyalty_tier') as loyalty_tier,
        max(value) filter (where name = 'cf_achievement_count') as achievement_count,

        max(value) filter (where entity = 'accounts' and name = 'website') as company_website,
        max(value) filter (where entity = 'accounts' and name = 'phone') as company_phone,
        max(value) filter (where entity = 'accounts' and name = 'city') as company_city,
        max(value) filter (where entity = 'accounts' and name = 'country') as company_country,
    from chosen
    group by person_key
)

select * from gathered
