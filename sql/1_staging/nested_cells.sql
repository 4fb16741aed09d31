-- What stands deep inside a column that ferry does not know: {"email": {"marketing": false}} is email.marketing, false.
-- one row per record_key, written_name, part
with

deep as (
    select _file || ':' || _record as record_key, _extra
    from landed.user_profiles
    where regexp_matches(_extra, '":\s*[\[{]')
),

leaves as (
    select
        deep.record_key,
        trim(regexp_replace(tree.fullkey, '^[$][.]|\[[0-9]+\]|"', '', 'g'), '.') as written_name,
        json_extract_string(tree.atom, '$') as written,
    from deep
    cross join lateral json_tree(deep._extra) as tree
    where tree.type not in ('OBJECT', 'ARRAY', 'NULL')
      and tree.path <> '$'
      -- a list of words is a cell of its own column
      and not regexp_full_match(tree.fullkey, '[$][.][^.\[]+\[[0-9]+\]')
),

numbered as (
    select
        record_key,
        written_name,
        row_number() over (partition by record_key, written_name order by written) as part,
        written,
    from (select distinct record_key, written_name, trim(written) as written from leaves where trim(written) <> '')
)

select * from numbered
