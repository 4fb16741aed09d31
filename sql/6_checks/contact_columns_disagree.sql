-- Two columns that go into one field say different things about somebody, and only one of them is sent.
-- severity: note
-- fix: say in the mapping workbook which column is right, and send the other to a field of its own
with

shared as (
    select entity, name
    from mapping.proposals
    where decision = 'send' and name <> 'tags'
    group by all
    having count(*) > 1 or (entity = 'accounts' and name = 'name')
),

-- the lines of an address all go into one field, one behind the other
written as (
    select fields.person_key, fields.entity, fields.name, fields.attribute, trim(coalesce(fields.value, fields.original)) as value
    from mapping.person_fields as fields
    semi join shared on shared.entity = fields.entity and shared.name = fields.name
    left join settings.standard_fields as listed on listed.entity = fields.entity and listed.field = fields.name
    where coalesce(listed.cleaner, '') <> 'lines'
    union
    select fields.person_key, 'accounts' as entity, 'name' as name, 'company' as attribute, trim(golden.company_name) as value
    from mapping.person_fields as fields
    inner join matching.golden as golden on golden.person_key = fields.person_key
    where fields.entity = 'accounts' and fields.name = 'name'
),

disagreeing as (
    select
        person_key,
        entity,
        name,
        string_agg(attribute || ': ' || value, '; ' order by attribute) as value,
    from written
    where value <> ''
    group by all
    having count(distinct trim(regexp_replace(lower(strip_accents(value)), '[^\p{L}\p{N}.]+|[.]$', ' ', 'g'))) > 1
)

select
    'contacts' as entity,
    person_key as key,
    name as field,
    value,
    'these columns say different things, and only one of them is sent' as reason,
    null as suggestion,
from disagreeing
