-- The calls the load was expected to make and those it made, with what they did in plain words.
-- one row per phase, kind
with

counted as (
    select
        phase,
        kind,
        sum(planned)::bigint as planned,
        sum(used)::bigint as used,
        sum(seconds) as seconds,
    from loaded.calls
    group by phase, kind
),

-- A call is named by what it is about and what it does with it.
parted as (
    select
        *,
        regexp_extract(kind, '^(\S+)', 1) as about,
        regexp_extract(kind, '^\S+ (.*)$', 1) as act,
    from counted
),

worded as (
    select
        *,
        case about
            when 'sales_accounts' then 'accounts'
            when 'appointments' then 'meetings'
            when 'document_links' then 'links to documents'
            else replace(about, '_', ' ')
        end as things,
    from parted
)

select
    phase,
    kind,
    case
        when about = 'selector' then 'Read the list of ' || replace(act, '_', ' ')
        when about = 'job_statuses' then 'Asked whether work in bulk is done'
        when about = 'search' then 'Searched the account'
        when act = 'bulk_upsert' then 'Wrote ' || things || ', many in one call'
        when act = 'upsert' then 'Wrote ' || things || ', one by one'
        when act = 'create' then 'Made ' || things || ', one by one'
        when act = 'update' then 'Changed ' || things || ', one by one'
        when act = 'delete' then 'Deleted ' || things || ', one by one'
        when act = 'bulk_destroy' then 'Deleted ' || things || ', many in one call'
        when act = 'read' then 'Read ' || things || ', one by one'
        when act in ('view', 'list') then 'Read ' || things || ', a page in one call'
        when act in ('lookup', 'filtered_search') then 'Looked ' || things || ' up by a value'
        when act = 'fields' then 'Read which fields ' || things || ' have'
        when act = 'create field' then 'Made fields of ' || things
        when act = 'forms' then 'Read the form of ' || things
        when act = 'filters' then 'Read which views of ' || things || ' there are'
        when act <> '' then 'Read ' || replace(act, '_', ' ') || ' of ' || things
        else replace(kind, '_', ' ')
    end as what_it_did,
    planned,
    used,
    seconds,
from worded
order by phase, kind
