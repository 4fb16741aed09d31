-- Companies whose names differ only in spelling or legal form may be one company.
-- severity: note
-- fix: use one spelling in Xtremepush, or correct the name here
-- decisions: clean
with

reduced as (
    select
        account_key,
        name,
        regexp_replace(
            regexp_replace(lower(strip_accents(name)), '\b(the|ltd|limited|plc|llc|inc|gmbh|ag|sa|srl|bv|co|company|corp|corporation)\b', '', 'g'),
            '[^a-z0-9]+', '', 'g'
        ) as root,
    from freshsales.accounts
),

alike as (
    select
        'accounts' as entity,
        account_key as key,
        'name' as field,
        name as value,
        'looks like: ' || array_to_string(list_filter(list(name) over roots, lambda other: other <> name), ', ') as reason,
        first_value(name) over roots as suggestion,
        count(*) over roots as spellings,
    from reduced
    where root <> ''
    window roots as (partition by root order by account_key rows between unbounded preceding and unbounded following)
)

select entity, key, field, value, reason, suggestion
from alike
where spellings > 1
