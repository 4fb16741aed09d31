-- A website Freshsales would refuse is left out.
-- severity: note
-- fix: correct the address of the website
-- decisions: clean
select
    'accounts' as entity,
    accounts.account_key as key,
    'website' as field,
    companies.website_raw as value,
    'this is not the address of a website' as reason,
    null as suggestion,
from freshsales.accounts as accounts
inner join mapping.companies as companies on companies.account_key = accounts.account_key
where companies.website_raw is not null
  and accounts.website is null
