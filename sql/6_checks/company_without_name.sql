-- A company without a name cannot become an account.
-- severity: note
-- fix: fill the name of the company
select
    'companies' as entity,
    record_key as key,
    'name' as field,
    given_key as value,
    'there is no name' as reason,
    null as suggestion,
from staging.companies
where fate = 'kept'
  and name is null
