-- Every name as it was written, split where it stood in one cell, its case repaired where it was all upper or all lower.
-- one row per first_name_raw, last_name_raw, full_name_raw
with
written as (
    select distinct
        coalesce(first_name_raw, '') as first_name_raw,
        coalesce(last_name_raw, '') as last_name_raw,
        coalesce(full_name_raw, '') as full_name_raw,
    from staging.profile_records
),
tidy as (
    select
        *,
        trim(regexp_replace(first_name_raw, '\s+', ' ', 'g')) as first_text,
        trim(regexp_replace(last_name_raw, '\s+', ' ', 'g')) as last_text,
        trim(regexp_replace(full_name_raw, '\s+', ' ', 'g')) as full_text,
    from written
),
-- a name to split: both cells empty and a full name given, or everything in one of the two cells
whole as (
    select
        *,
        case
            when first_text = '' and last_text = '' and full_text <> '' then full_text
            when last_text = '' and contains(first_text, ' ') then first_text
            when first_text = '' and regexp_matches(last_text, '^[^,]+,\s*\S+') then last_text
            when first_text = last_text and contains(first_text, ' ') then first_text
        end as whole_name,
    from tidy
),
-- "Byrne, Mary" means Mary Byrne; "Mary Byrne, Jr." does not
ordered as (
    select
        *,
        case
            when whole_name is null then null
            when regexp_matches(whole_name, '^[^,]+,[^,]+$')
                and lower(trim(split_part(whole_name, ',', 2), '. ')) not in (select text from settings.name_parts where kind = 'suffix')
                then trim(split_part(whole_name, ',', 2)) || ' ' || trim(split_part(whole_name, ',', 1))
            else replace(whole_name, ',', '')
        end as spoken_name,
        regexp_matches(whole_name, '^[^,]+,[^,]+$')
            and lower(trim(split_part(whole_name, ',', 2), '. ')) not in (select text from settings.name_parts where kind = 'suffix') as is_comma_order,
        length(trim(split_part(whole_name, ',', 1))) - length(replace(trim(split_part(whole_name, ',', 1)), ' ', '')) + 1 as words_before_comma,
    from whole
),
parts as (
    select
        (select list(text) from settings.name_parts where kind = 'prefix') as prefixes,
        (select list(text) from settings.name_parts where kind = 'suffix') as suffixes,
        (select list(text) from settings.name_parts where kind = 'particle') as particles,
),
words as (
    select
        ordered.*,
        string_split(regexp_replace(spoken_name, '\s+', ' ', 'g'), ' ') as word,
        list_transform(string_split(lower(regexp_replace(spoken_name, '\s+', ' ', 'g')), ' '), lambda w: trim(w, '.')) as small,
        parts.*,
    from ordered
    cross join parts
),
-- where the titles end and where the suffixes begin
bounds as (
    select
        *,
        case
            when len(word) >= 3 and list_contains(prefixes, small[1]) and list_contains(prefixes, small[2]) then 3
            when len(word) >= 2 and list_contains(prefixes, small[1]) then 2
            else 1
        end as first_word,
        case
            when len(word) >= 4 and list_contains(suffixes, small[-1]) and list_contains(suffixes, small[-2]) then len(word) - 2
            when len(word) >= 3 and list_contains(suffixes, small[-1]) then len(word) - 1
            else len(word)
        end as last_word,
    from words
),
-- the surname starts at the first particle after the first word, else at the last word
cut as (
    select
        *,
        case
            when is_comma_order then greatest(first_word + 1, last_word - words_before_comma + 1)
            else coalesce(
                first_word + list_position(list_transform(small[first_word + 1 : last_word - 1], lambda w: list_contains(particles, w)), true),
                last_word
            )
        end as surname_word,
    from bounds
),
split as (
    select
        *,
        if(whole_name is null, first_text, if(surname_word > first_word or last_word = first_word and not first_word > 1,
            array_to_string(word[first_word : greatest(first_word, surname_word - 1)], ' '), '')) as first_part,
        if(whole_name is null, last_text, if(last_word > first_word or first_word > 1,
            array_to_string(word[surname_word : last_word], ' '), '')) as last_part,
        if(first_word > 1, array_to_string(word[1 : first_word - 1], ' '), null) as prefix,
        if(last_word < len(word), array_to_string(word[last_word + 1 : len(word)], ' '), null) as suffix,
    from cut
),
repaired as (
    select *, name_case(first_part) as first_fixed, name_case(last_part) as last_fixed
    from split
)
select
    first_name_raw,
    last_name_raw,
    full_name_raw,
    nullif(first_fixed, '') as first_name,
    nullif(last_fixed, '') as last_name,
    prefix,
    suffix,
    nullif(concat_ws('; ',
        if(whole_name is not null, 'full name split', null),
        if(first_fixed is distinct from first_part or last_fixed is distinct from last_part, 'case repaired', null)
    ), '') as name_note,
from repaired
