-- A name that hardly is one: a placeholder, an address, a number, two people in one cell, damaged letters, or letters that do not show.
-- severity: note
-- fix: correct the name in Xtremepush, or here
-- decisions: clean
with

written as (
    unpivot (
        select
            profiles.profile_key,
            {'name': coalesce(profiles.first_name, if(is_no_name(raw.first_name_raw), raw.first_name_raw, null)), 'raw': raw.first_name_raw} as first_name,
            {'name': coalesce(profiles.last_name, if(is_no_name(raw.last_name_raw), raw.last_name_raw, null)), 'raw': raw.last_name_raw} as last_name,
        from staging.profiles as profiles
        inner join staging.profile_records as raw
            on raw.profile_key = profiles.profile_key
            and raw.fate = 'kept'
    )
    on first_name, last_name
    into name field value said
),

names as (
    select
        profile_key,
        field,
        said.name,
        said.raw,
    from written
    where said.name is not null
),

judged as (
    select
        profile_key,
        field,
        name,
        names.repaired,
        case
            when names.repaired is not null or contains(name, '�') then 'its letters were damaged by a wrong encoding'
            when regexp_matches(name, '\S@\S') then 'this is an e-mail address'
            when regexp_full_match(name, '[\d\s().+-]+') then 'this is a number'
            when regexp_matches(name, '(?i)https?://|www\.') then 'this is an address on the web'
            when regexp_full_match(lower(name), '(test|tester|testing|asdf+|qwerty|abc|xyz|foo|bar|dummy|sample|example|admin|user|guest|customer|name|anonymous|anon|nobody|tbc|tbd)\d*') then 'this looks like a placeholder'
            when regexp_full_match(lower(name), '(a{3,}|b{3,}|c{3,}|d{3,}|e{3,}|f{3,}|g{3,}|h{3,}|j{3,}|k{3,}|l{3,}|m{3,}|n{3,}|o{3,}|x{2,}|y{3,}|z{3,}|[?*.#]+)') then 'this looks like a placeholder'
            when regexp_matches(name, '\s(&|and|und|et|\+|/)\s|&') then 'these may be two people'
            when not regexp_matches(name, '\p{L}') then 'there is no letter in it'
            when regexp_matches(raw, '[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x{202a}-\x{202e}\x{2066}-\x{2069}]') then 'characters that do not show were left out of it'
        end as reason,
    from (select *, if(regexp_matches(name, '[ÃÂÅÄâÎÏÐÑ]'), unscramble(name), null) as repaired from names) as names
)

select
    'user_profiles' as entity,
    profile_key as key,
    field,
    name as value,
    reason,
    repaired as suggestion,
from judged
where reason is not null
