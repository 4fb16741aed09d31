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

-- Where a file has no objects, they stand in it as text, as {"sms": false} or as {'sms': False}.
told as (
    select cells.entity, cells.record_key, each.key as name, json_extract_string(each.value, '$') as text
    from cells
    cross join lateral json_each(cells._extra) as each
    where regexp_matches(cells._extra, '":\s*"\s*(\[\s*)?\{') and each.type = 'VARCHAR'
    union all
    select 'user_profiles' as entity, _file || ':' || _record as record_key, name, value as text
    from landed.attributes
    where coalesce(lower(trim(owner_type)), '') <> 'device'
    union all
    select 'consents' as entity, _file || ':' || _record as record_key, 'metadata' as name, metadata as text
    from landed.consents
),

deep as (
    select entity, record_key, '' as name, _extra as text
    from cells
    where regexp_matches(_extra, '":\s*[\[{]')
    union all
    select entity, record_key, name || '.' as name, text
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
        deep.name || trim(regexp_replace(tree.fullkey, '^[$][.]|\[[0-9]+\]|"', '', 'g'), '.$') as written_name,
        json_extract_string(tree.atom, '$') as written,
    from deep
    cross join lateral json_tree(deep.text) as tree
    where tree.type not in ('OBJECT', 'ARRAY', 'NULL')
      and (tree.path <> '$' or deep.name <> '')
      -- a list of words is a cell of its own column
      and (deep.name <> '' or not regexp_full_match(tree.fullkey, '[$][.][^.\[]+\[[0-9]+\]'))
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
