-- Every name as it was written, split where it stood in one cell, its titles and degrees taken off, its case repaired where it was all upper or all lower.
-- one row per first_name_raw, last_name_raw, full_name_raw
with
written as (
    select distinct
        coalesce(first_name_raw, '') as first_name_raw,
        coalesce(last_name_raw, '') as last_name_raw,
        coalesce(full_name_raw, '') as full_name_raw,
    from staging.profile_records
),
-- signs nobody sees, entities, emoji and words in brackets are no part of a name
tidy as materialized (
    select
        *,
        coalesce(without_faculties(tidy_name(first_name_raw)), '') as first_text,
        coalesce(without_faculties(tidy_name(last_name_raw)), '') as last_text,
        coalesce(without_faculties(tidy_name(full_name_raw)), '') as full_text,
    from written
),
parts as (
    select
        (select list(text) from settings.name_parts where kind = 'prefix') as prefixes,
        (select list(text) from settings.name_parts where kind in ('prefix', 'maybe_prefix')) as all_prefixes,
        (select list(text) from settings.name_parts where kind = 'suffix') as suffixes,
        (select list(text) from settings.name_parts where kind = 'degree') as degrees,
        (select list(text) from settings.name_parts where kind = 'particle') as particles,
        (select list(text) from settings.name_parts where kind = 'link') as links,
),
-- a name to split: both cells empty and a full name given, or everything in one of the two cells
whole as (
    select
        * exclude (prefixes, all_prefixes, suffixes, degrees, particles, links),
        case
            when first_text = '' and last_text = '' and full_text <> '' then full_text
            when last_text = '' and contains(first_text, ' ') then first_text
            when first_text = '' and regexp_matches(last_text, '^[^,]+,\s*\S+') then last_text
            when first_text = '' and regexp_full_match(last_text, '\p{Lu}{3,}(-\p{Lu}+)?\s+\p{Lu}\p{Ll}+') then last_text
            when first_text = last_text and contains(first_text, ' ') then first_text
        end as whole_name,
    from tidy
    cross join parts
),
-- what stands behind a comma and is all degrees is no name; "Ph. D." is one word
trimmed as (
    select
        whole.*,
        parts.*,
        list_filter(
            list_transform(string_split(regexp_replace(whole_name, '(?i)\b(ph|m|b)\.\s+(d|sc|a|ed|eng|phil)\.?(\s|,|$)', '\1\2\3'), ','), lambda p: trim(p)),
            lambda p: p <> ''
        ) as pieces,
    from whole
    cross join parts
),
commas as (
    select
        *,
        list_filter(pieces, lambda p: not list_bool_and(list_transform(
            string_split(lower(replace(p, '.', '')), ' '), lambda w: list_contains(suffixes, w) or list_contains(degrees, w)
        ))) as names,
        array_to_string(list_filter(pieces, lambda p: list_bool_and(list_transform(
            string_split(lower(replace(p, '.', '')), ' '), lambda w: list_contains(suffixes, w) or list_contains(degrees, w)
        ))), ', ') as comma_suffix,
    from trimmed
),
-- "Byrne, Mary" means Mary Byrne
ordered as (
    select
        *,
        len(names) >= 2 as is_comma_order,
        case
            when whole_name is null then null
            when len(names) >= 2 then array_to_string(names[2:], ' ') || ' ' || names[1]
            else names[1]
        end as spoken_name,
        if(len(names) >= 2, len(string_split(names[1], ' ')), 0) as words_before_comma,
    from commas
),
-- names of two words that no space cuts: María del Carmen, Abd al Rahman
glued as (
    select
        * replace (
            if(
                regexp_matches(spoken_name, '(?i)^\S+ (del?|al|el|ul|ur|ar|as|ad) |(^| )(abd|abdul|noor|nur|shams|salah) (al|el|ul|ur|ar|as|ad) '),
                regexp_replace(
                    regexp_replace(
                        regexp_replace(
                            spoken_name,
                            '(?i)(^| )(abd|abdul|noor|nur|shams|salah) (al|el|ul|ur|ar|as|ad) (\S+)', '\1\2 \3 \4'
                        ),
                        '(?i)^(mar[ií]a|ana|rosa|juan|jos[eé]|luz) (del|de) (carmen|pilar|mar|rosario|roc[ií]o|socorro|lourdes|f[aá]tima|jes[uú]s|guadalupe|dios) (\S.*)$',
                        '\1 \2 \3 \4'
                    ),
                    '(?i)^(mar[ií]a|ana|rosa|juan|jos[eé]|luz) (de) (los|las|la) ([aá]ngeles|dolores|nieves|mercedes|luz|paz|concepci[oó]n|cruz|soledad) (\S.*)$',
                    '\1 \2 \3 \4 \5'
                ),
                spoken_name
            ) as spoken_name
        ),
    from ordered
),
words as (
    select
        *,
        string_split(spoken_name, ' ') as word,
        list_transform(string_split(lower(spoken_name), ' '), lambda w: replace(w, '.', '')) as small,
        -- SMITH John, John SMITH: a surname in capitals beside a name that is not
        list_transform(string_split(spoken_name, ' '), lambda w: length(w) >= 3 and w = upper(w) and w <> lower(w) and not contains(w, '.')) as is_loud,
        -- Jr, PhD, MSc: no degree is written like a word, unless it has points
        list_transform(string_split(spoken_name, ' '), lambda w: list_contains(suffixes, lower(replace(w, '.', '')))
            or list_contains(degrees, lower(replace(w, '.', ''))) and (
                contains(w, '.')
                or regexp_matches(w, '\p{L}\p{Lu}') and spoken_name <> upper(spoken_name)
                or w in ('PHD', 'MBA', 'MSC', 'BSC', 'LLB', 'LLM', 'DDS', 'CPA', 'CFA', 'ACCA', 'FRCS', 'OBE', 'MBE', 'CBE', 'KBE', 'DBE')
            )
        ) as is_degree,
    from glued
),
-- where the titles end and where the suffixes begin
bounds as (
    select
        *,
        case
            when len(word) >= 2 and not list_contains(all_prefixes, small[1]) then 1
            when len(word) = 2 and not list_contains(prefixes, small[1]) then 1
            when len(word) >= 2 then least(
                coalesce(list_position(list_transform(small, lambda w: list_contains(all_prefixes, w) or w in ('&', 'and', 'und')), false), len(word)),
                len(word)
            )
            else 1
        end as first_word,
        case
            when len(word) < 3 then len(word)
            else greatest(2, len(word) - coalesce(list_position(list_reverse(is_degree), false) - 1, len(word)))
        end as last_word,
    from words
),
loud as (
    select
        *,
        is_loud[first_word] and not list_contains(is_loud[last_word : last_word], true) and not is_comma_order and last_word > first_word as is_surname_first,
        not is_loud[first_word] and is_loud[last_word] and not is_comma_order and last_word > first_word as is_surname_loud,
        list_position(is_loud[first_word : last_word], false) as first_quiet,
        list_position(is_loud[first_word : last_word], true) as first_loud,
    from bounds
),
-- the surname starts at the first particle after the first word, before a linking word (Velasquez y Garcia), else at the last word
cut as (
    select
        *,
        case
            when contains(word[first_word], ' ') then least(first_word + 1, last_word)
            when is_comma_order then greatest(first_word + 1, last_word - words_before_comma + 1)
            when is_surname_loud then first_word + first_loud - 1
            else least(
                coalesce(first_word + list_position(list_transform(small[first_word + 1 : last_word - 1], lambda w: list_contains(particles, w)), true), last_word),
                if(
                    list_has_any(small[first_word + 2 : last_word - 1], links),
                    first_word + list_position(list_transform(small[first_word + 2 : last_word - 1], lambda w: list_contains(links, w)), true),
                    last_word
                )
            )
        end as surname_word,
    from loud
),
-- a title in the cell of a first name, a degree in the cell of a last name
cells as (
    select
        *,
        coalesce(list_position(list_transform(string_split(first_text, ' '), lambda w: list_contains(prefixes, lower(replace(w, '.', '')))), false), 0) as first_name_at,
        array_to_string(list_filter(
            string_split(regexp_replace(regexp_replace(last_text, ',.*$', ''), '(?i)\s+(jr|sr|junior|senior|phd|msc|bsc|mba|esq|ii|iii|iv)\.?$', ''), ' '),
            -- OBE, MSc: only behind a name, and not where all of it is in capitals
            lambda w, place: place = 1 or not (
                list_contains(suffixes, lower(replace(w, '.', '')))
                or list_contains(degrees, lower(replace(w, '.', ''))) and (contains(w, '.') or regexp_matches(w, '\p{L}\p{Lu}') and last_text <> upper(last_text))
            )
        ), ' ') as bare_last_text,
    from cut
),
split as (
    select
        *,
        case
            when whole_name is null then if(first_name_at = 0 and first_text <> '', '', array_to_string(string_split(first_text, ' ')[greatest(first_name_at, 1) :], ' '))
            when is_surname_first then array_to_string(word[first_word + first_quiet - 1 : last_word], ' ')
            when surname_word > first_word or last_word = first_word and not first_word > 1
                then array_to_string(word[first_word : greatest(first_word, surname_word - 1)], ' ')
            else ''
        end as first_part,
        case
            when whole_name is null then if(bare_last_text = '', last_text, bare_last_text)
            when is_surname_first then array_to_string(word[first_word : first_word + first_quiet - 2], ' ')
            when last_word > first_word or first_word > 1 then array_to_string(word[surname_word : last_word], ' ')
            else ''
        end as last_part,
        case
            when whole_name is null and first_name_at > 1 then array_to_string(string_split(first_text, ' ')[1 : first_name_at - 1], ' ')
            when whole_name is null and first_name_at = 0 and first_text <> '' then first_text
            when first_word > 1 then array_to_string(word[1 : first_word - 1], ' ')
        end as prefix,
        nullif(concat_ws(' ', if(last_word < len(word), array_to_string(word[last_word + 1 : len(word)], ' '), null), nullif(comma_suffix, '')), '') as suffix,
    from cells
),
repaired as (
    select
        *,
        name_case(replace(first_part, ' ', ' ')) as first_fixed,
        name_case(replace(last_part, ' ', ' ')) as last_fixed,
        lower(concat_ws(',', first_text, last_text, full_text)) as said,
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
        if(whole_name is null and (prefix is not null or last_part <> last_text), 'title or degree taken off', null),
        if(first_fixed is distinct from first_part or last_fixed is distinct from last_part, 'case repaired', null)
    ), '') as name_note,
    -- father and son of one name: 1 is the elder, 2 the younger
    case
        when regexp_matches(said, '[\s,](sr|snr|senr|senior|sen)\.?(,|$)') then 1
        when regexp_matches(said, '[\s,](jr|jnr|junr|junior|jun|ii|2nd)\.?(,|$)') then 2
        when regexp_matches(said, '[\s,](iii|3rd)\.?(,|$)') then 3
        when regexp_matches(said, '[\s,](iv|4th)\.?(,|$)') then 4
    end::tinyint as generation,
from repaired
