-- What the Freshsales account must have room for: users, fields, documents and records; what a plan includes stands in the contract with Freshsales.
-- one row per position
select * from (values
    (1::bigint, 'Users who own contacts (seats)', (select count(distinct owner_email) from freshsales.contacts where owner_email is not null)::bigint, 'Each must be an active user, or their contacts cannot be theirs.'),
    (2, 'Contacts', (select count(*) from freshsales.contacts), 'Whether they count towards a limit stands in your contract.'),
    (3, 'Accounts', (select count(*) from freshsales.accounts), null),
    (4, 'Activities', (select count(*) from freshsales.tasks) + (select count(*) from freshsales.sales_activities) + (select count(*) from freshsales.phone_calls) + (select count(*) from freshsales.appointments), null),
    (5, 'Documents (storage)', (select count(*) from freshsales.documents), 'How much storage they take depends on the files; ask for the limit of your plan.'),
    (6, 'Custom fields', (select count(*) from freshsales.fields), 'See the sheet of custom fields for what each plan allows.')
) as needs (position, what, needed, note)
order by position
