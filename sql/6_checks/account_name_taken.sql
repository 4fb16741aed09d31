-- An account name can exist once only.
-- severity: hold
-- fix: give one of the two another name
-- decisions: clean delete
with

ranked as (
    select
        account_key,
        name,
        row_number() over holders as rank,
        first_value(account_key) over holders as holder_key,
    from freshsales.accounts
    window holders as (partition by lower(name) order by account_key)
),

later as (
    select
        'accounts' as entity,
        account_key as key,
        'name' as field,
        name as value,
        'account ' || holder_key || ' has this name already' as reason,
        null as suggestion,
    from ranked
    where rank > 1
)

select * from later
