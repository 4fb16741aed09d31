-- What stands deep inside a column that ferry does not know: {"email": {"marketing": false}} is email.marketing, false.
-- one row per record_key, written_name, part
with

cells as (
    select 'user_profiles' as entity, _file || ':' || _record as record_key, _extra
    from landed.user_profiles
    union all
    select 'consents' as entity, _file || ':' || _record as record_key, _extra
    from landed.consents
),

-- Columns that ferry does not know, one by one; only of records in which one of them may be deep.
unknown as (
    select
        cells.entity,
        cells.record_key,
        ltrim(each.key, '.$') as name,
        each.type,
        if(each.type = 'VARCHAR', json_extract_string(each.value, '$'), each.value::varchar) as text,
    from cells
    cross join lateral json_each(cells._extra) as each
    where regexp_matches(cells._extra, '":\s*([\[{]|"\s*(\[\s*)?\{)')
      and (each.type in ('OBJECT', 'ARRAY') or each.type = 'VARCHAR' and contains(each.value::varchar, '{'))
),

-- Where a file has no objects, they stand in it as text, as {"sms": false} or as {'sms': False}.
told as (
    select entity, record_key, name, text
    from unknown
    where type = 'VARCHAR'
    union all
    select 'user_profiles' as entity, _file || ':' || _record as record_key, name, value as text
    from landed.attributes
    where coalesce(lower(trim(owner_type)), '') <> 'device'
    union all
    select 'consents' as entity, _file || ':' || _record as record_key, 'metadata' as name, metadata as text
    from landed.consents
),

deep as (
    select entity, record_key, name, type as list_or_object, text
    from unknown
    where type <> 'VARCHAR'
    union all
    select entity, record_key, name, null as list_or_object, text
    from (
        select entity, record_key, name, if(json_valid(text), text, as_json(text)) as text
        from told
        where regexp_matches(text, '^\s*(\[\s*)?\{')
    )
    where json_valid(text)
),

leaves as (
    select
        deep.entity,
        deep.record_key,
        deep.name || '.' || trim(regexp_replace(tree.fullkey, '^[$][.]|\[[0-9]+\]|"', '', 'g'), '.$') as written_name,
        json_extract_string(tree.atom, '$') as written,
    from deep
    cross join lateral json_tree(deep.text) as tree
    where tree.type not in ('OBJECT', 'ARRAY', 'NULL')
      -- a list of words is a cell of its own column
      and (tree.path <> '$' or deep.list_or_object is distinct from 'ARRAY')
),

numbered as (
    select
        entity,
        record_key,
        written_name,
        row_number() over (partition by record_key, written_name order by written) as part,
        written,
    from (select distinct entity, record_key, written_name, trim(written) as written from leaves where trim(written) <> '')
)

select * from numbered
