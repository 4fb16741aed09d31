-- A column that looks like bank accounts, payment cards, national numbers or secrets, which hardly belong into a CRM.
-- severity: note
-- fix: leave the column behind in the mapping workbook, unless there is a reason to keep it
with

by_name as (
    select proposals.attribute, 'its name says: ' || min(words.meaning) as reason
    from mapping.proposals as proposals
    inner join settings.sensitive_words as words
        on contains('_' || proposals.attribute || '_', '_' || words.word || '_')
    where proposals.decision = 'send'
    group by proposals.attribute
),

digits as (
    select attribute, value, people, replace(replace(value, ' ', ''), '-', '') as bare
    from mapping.attribute_values
    where length(value) between 8 and 42
),

judged as (
    select
        attribute,
        people,
        case
            when regexp_full_match(upper(bare), '[A-Z]{2}\d{2}[A-Z0-9]{11,30}') then 'international bank account numbers'
            when regexp_full_match(bare, '\d{13,19}') and list_sum(list_transform(
                    range(1, length(bare) + 1),
                    lambda i: case
                        when i % 2 = 1 then bare[length(bare) + 1 - i]::integer
                        when bare[length(bare) + 1 - i]::integer * 2 > 9 then bare[length(bare) + 1 - i]::integer * 2 - 9
                        else bare[length(bare) + 1 - i]::integer * 2
                    end
                )) % 10 = 0 then 'payment card numbers'
            when regexp_full_match(value, '\d{3}-\d{2}-\d{4}') then 'social security numbers'
            when regexp_full_match(upper(bare), '[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]') then 'national insurance numbers'
            when regexp_full_match(upper(bare), '\d{7}[A-W][A-IW]?') then 'personal public service numbers'
            when regexp_full_match(upper(bare), '[0-9XYZ]\d{7}[A-Z]') then 'national identity numbers'
            when regexp_full_match(upper(bare), '[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]') then 'tax codes'
        end as kind,
    from digits
),

by_value as (
    select attribute, max_by(kind, people) || ' in ' || sum(people) || ' values' as reason
    from judged
    where kind is not null
    group by attribute
    having sum(people) >= 1
),

together as (
    select * from by_name
    union all
    select by_value.* from by_value
    anti join by_name on by_name.attribute = by_value.attribute
)

select
    'attributes' as entity,
    together.attribute as key,
    null as field,
    null as value,
    together.reason,
    'skip' as suggestion,
from together
inner join mapping.proposals as proposals on proposals.attribute = together.attribute
where proposals.decision = 'send'
  and proposals.type <> 'date'
