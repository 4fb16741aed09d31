-- Words that the rules of all floors share, so that each of them is said once. They are plain
-- DuckDB macros: open.sql of a run has them too.

-- Made by ferry before this file, from the settings:
-- create macro source_zone() as 'UTC';               the zone of times that the source writes without one (source_timezone)
-- create macro zone_minutes(zone) as 0;              minutes east of Greenwich of a zone's short name, as used where the source lives
-- create macro is_zone(zone) as false;               whether it is the long name of a zone, such as Europe/Dublin
-- create macro first_year_of_last_century() as 69;   a year of two digits from here on is 19..
-- create macro is_nothing(text) as text = '';        whether it is empty or a word for nothing (settings.null_words)
-- create macro is_no_name(text) as false;            likewise, in the cell of a name
-- create macro is_no_company(text) as false;         likewise, in the cell of a company
-- and after it:
-- create macro reads_as_refusal(text) as false;      whether it reads like a refusal (settings.refusal_phrases)
-- create macro status_refuses(text) as false;        likewise, in a column whose name speaks of a status or preference
-- create macro place_refuses(text) as false;         likewise, in a tag, the title of a segment or the name of an event

-- A day with the name of its month in English, as DuckDB reads it: 1-März-2024, 15-de-enero-de-2024, 1-mars-2024. The names are
-- one text and letters are whatever is not ASCII: a map, or all letters there are, would be made anew wherever this is asked.
create or replace macro month_names() as
    ' januar=Jan janner=Jan jaenner=Jan janvier=Jan enero=Jan ene=Jan gennaio=Jan gen=Jan janeiro=Jan januari=Jan '
    || ' februar=Feb fevrier=Feb febrero=Feb febbraio=Feb fevereiro=Feb februari=Feb fev=Feb fevr=Feb '
    || ' marz=Mar maerz=Mar mars=Mar marzo=Mar marco=Mar maart=Mar mrz=Mar mrt=Mar maer=Mar '
    || ' avril=Apr abril=Apr aprile=Apr avr=Apr abr=Apr '
    || ' mai=May mayo=May maggio=May maio=May mei=May mag=May '
    || ' juni=Jun juin=Jun junio=Jun giugno=Jun junho=Jun giu=Jun '
    || ' juli=Jul juillet=Jul julio=Jul luglio=Jul julho=Jul juil=Jul lug=Jul '
    || ' aout=Aug agosto=Aug augustus=Aug augusti=Aug ago=Aug '
    || ' septembre=Sep septiembre=Sep settembre=Sep setembro=Sep set=Sep '
    || ' oktober=Oct octobre=Oct octubre=Oct ottobre=Oct outubro=Oct okt=Oct ott=Oct out=Oct '
    || ' novembre=Nov noviembre=Nov novembro=Nov '
    || ' dezember=Dec decembre=Dec diciembre=Dec dicembre=Dec dezembro=Dec dez=Dec dic=Dec ';
create or replace macro english_month(word) as nullif(left(split_part(month_names(), ' ' || word || '=', 2), 3), '');
create or replace macro first_word(day) as regexp_extract(day, '[A-Za-z\x{80}-\x{10ffff}]{3,}');
create or replace macro with_english_month(day) as if(
    regexp_matches(day, '[A-Za-z\x{80}-\x{10ffff}]{3}'),
    replace(
        regexp_replace(day, '(?i)-(de|del)-', '-', 'g'),
        first_word(day),
        coalesce(english_month(lower(strip_accents(first_word(day)))), first_word(day))
    ),
    day
);

-- Most values of most columns are no days, and most days are written in digits. Both are told at a glance; what reads any other
-- spelling costs a hundred times as much for each two thousand rows that hold one.
create or replace macro is_plain_day(written) as
    regexp_full_match(written, '(1[7-9]|20)\d{2}[./-]\d{1,2}[./-]\d{1,2}|\d{1,2}[./-]\d{1,2}[./-](1[7-9]|20)\d{2}');
create or replace macro plain_day(written, month_first) as case
    when regexp_full_match(written, '\d{4}.*') then try_strptime(translate(written, './', '--'), '%Y-%m-%d')
    when coalesce(month_first, false) then try_strptime(translate(written, './', '--'), '%m-%d-%Y')
    else try_strptime(translate(written, './', '--'), '%d-%m-%Y')
end::date;
-- A day begins with eight digits, or with a number that has another behind it; before that a weekday or a month.
create or replace macro may_be_day(written) as regexp_matches(
    written,
    '(?s)^(?:[A-Za-z\x{80}-\x{10ffff}]{2,}[\s\p{Z},./-]+){0,4}(?:\d{8}|\d{1,4}(?:st|nd|rd|th|er|[ºª])?[\s\p{Z},./-].*\d)'
);

-- The day a text names, in any spelling people use, as a date; null when it is none. With month_first, 03/04/2024 is
-- the fourth of March. A year of two digits is completed; years before 1700 and after 2099 are mistakes.
create or replace macro calendar_day(written, month_first := false) as list_transform(
    list_transform(
        [regexp_replace(regexp_replace(trim(written), '(\d)(?:(?:st|nd|rd|th|er)\b|[ºª])', '\1'), '[\s,./-]+', '-', 'g')],
        lambda day: with_english_month(day)
    ),
    lambda plain: list_transform(
        [case
            when regexp_full_match(plain, '(\d{1,2}|[A-Za-z]{3,9})-(\d{1,2}|[A-Za-z]{3,9})-\d{2}') then
                left(plain, -2) || if(right(plain, 2)::integer < first_year_of_last_century(), '20', '19') || right(plain, 2)
            else plain
        end],
        lambda whole: case
            when not regexp_full_match(whole, '(1[7-9]|20)\d{2}-?[A-Za-z0-9]{1,9}-?\d{1,2}|.*-(1[7-9]|20)\d{2}') then null
            when regexp_full_match(whole, '\d{4}-\d{1,2}-\d{1,2}') then try_strptime(whole, '%Y-%m-%d')
            when regexp_full_match(whole, '\d{8}') then try_strptime(whole, '%Y%m%d')
            when regexp_full_match(whole, '\d{1,2}-\d{1,2}-\d{4}') then
                if(coalesce(month_first, false), try_strptime(whole, '%m-%d-%Y'), try_strptime(whole, '%d-%m-%Y'))
            when regexp_full_match(whole, '\d{1,2}-[A-Za-z]{3,9}-\d{4}') then try_strptime(replace(whole, 'Sept-', 'Sep-'), ['%d-%b-%Y', '%d-%B-%Y'])
            when regexp_full_match(whole, '[A-Za-z]{3,9}-\d{1,2}-\d{4}') then try_strptime(replace(whole, 'Sept-', 'Sep-'), ['%b-%d-%Y', '%B-%d-%Y'])
            when regexp_full_match(whole, '\d{4}-[A-Za-z]{3,9}-\d{1,2}') then try_strptime(whole, ['%Y-%b-%d', '%Y-%B-%d'])
        end::date
    )[1]
)[1];

-- 15.04 Uhr, 15h04, 15.04.05 behind a day and a weekday that is no English one, as 15:04.
create or replace macro spoken_clock(written) as if(
    regexp_matches(written, '(?i)uhr|\dh\d|\d\s?h$|[\s,T]\d{1,2}[.]\d\d|\p{L}{5}'),
    regexp_replace(regexp_replace(regexp_replace(regexp_replace(written,
        '(?i)^(montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag)[.,]?\s+', ''),
        '(?i)(\d)(?:\s*(?:uhr|h)[.]?)$', '\1'),
        '(?i)(\d{4}|\d{1,4}[./-]\w{1,9}[./-]\d{1,4})[T,]?\s*(?:um |à |a las |klo |kl[.]? )?\s*\b(\d{1,2})[.](\d\d)[.](\d\d)', '\1 \2:\3:\4'),
        '(?i)(\d{4}|\d{1,4}[./-]\w{1,9}[./-]\d{1,4})[T,]?\s+(?:um |à |a las |klo |kl[.]? )?\s*(\d{1,2})[.:h](\d\d)(\D|$)', '\1 \2:\3\4'),
    written
);

-- A time as people and programs write it, in parts: its day, its clock, a.m. or p.m., its zone. Weekdays are passed
-- over; 20240102T030405Z, "Nov 6 08:49:37 1994" and a zone in brackets behind an offset are put in order first.
create or replace macro time_parts(written) as regexp_extract(
    regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(spoken_clock(trim(written)),
        '(:\d\d(?:[.,]\d+)?(?:\s*[AaPp]\.?[Mm]\.?)?)\s*\(((?:GMT|UTC)?\s*[+-]\s*\d{1,2}(?::?\d\d)?|[A-Z]{3,5}|[A-Z][a-z]+/[A-Za-z_/]+)\)$', '\1 \2'),
        '(?i)^(mon|tue|wed|thu|fri|sat|sun)[a-z]*[.,]?\s+', ''),
        '\s*\([^)]*\)$', ''),
        '(Z|[+-]\d{2}:?\d{2})\[[^\]]*\]$', '\1'),
        '^([A-Za-z]{3}\s+\d{1,2})\s+(\d{2}:\d{2}:\d{2})(\s+[A-Z]{1,5})?\s+(\d{4})$', '\1 \4 \2\3'),
        '^(\d{8})[T ]?(\d{2})(\d{2})(\d{2})', '\1 \2:\3:\4'),
        '^(\d{8})[T ](\d{2})(\d{2})(\D.*)?$', '\1 \2:\3\4'),
    '^(.*?)[T,\s]*(?:(\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)(?:\s*([AaPp])\.?[Mm]\b\.?)?\s*\[?([^\]]*)\]?)?$',
    ['day', 'clock', 'half', 'zone']
);

-- The clock of such parts; noon and midnight as 12 PM and 12 AM.
create or replace macro clock_of(parts) as list_transform(
    [{'hour': try_cast(split_part(parts.clock, ':', 1) as integer), 'half': lower(parts.half)}],
    lambda said: try_cast(case
        when said.half = 'a' and said.hour > 12 then null
        when said.half = 'a' and said.hour = 12 then '00'
        when said.half = 'p' and said.hour < 12 then (said.hour + 12)::varchar
        else lpad(said.hour::varchar, 2, '0')
    end || replace(regexp_extract(parts.clock, ':.*'), ',', '.') as time)
)[1];

-- A day and a clock in their zone; without a zone, where the source lives. A zone nobody knows makes it no time.
create or replace macro in_zone(moment, zone) as case
    when zone = '' then moment at time zone source_zone()
    when lower(zone) in ('z', 'utc', 'gmt') then moment at time zone 'UTC'
    when regexp_full_match(zone, '(?i)(utc|gmt)?\s*[+-]\s*\d{1,2}(:?[0-5]\d)?') then
        (moment - to_minutes(
            if(contains(zone, '-'), -1, 1) * (
                try_cast(regexp_extract(zone, '[+-]\s*(\d{1,2}?)(:?[0-5]\d)?$', 1) as integer) * 60
                + coalesce(try_cast(regexp_extract(zone, '[+-]\s*\d{1,2}?:?([0-5]\d)$', 1) as integer), 0)
            )
        )) at time zone 'UTC'
    when zone_minutes(upper(zone)) is not null then (moment - to_minutes(zone_minutes(upper(zone)))) at time zone 'UTC'
    when is_zone(zone) then moment at time zone if(is_zone(zone), zone, 'UTC')
end;

-- Seconds, thousandths, millionths or thousand-millionths since 1970, told apart by their length.
create or replace macro since_1970(written) as case
    when not regexp_full_match(written, '\d{9,10}([.,]\d+)?|(\d{12,13}|\d{15,16}|\d{18,19})([.,]0*)?') then null
    when regexp_full_match(written, '\d{9,10}([.,]\d+)?') then to_timestamp(try_cast(replace(written, ',', '.') as double))
    else to_timestamp(
        try_cast(regexp_extract(written, '^\d+') as bigint)
        / case when regexp_full_match(written, '\d{18}.*') then 1000000000 when regexp_full_match(written, '\d{15}.*') then 1000000 else 1000 end
    )
end;

-- An instant as the clock of Greenwich shows it, and the instant at which the clock of the source showed a time. Where the
-- source lives by Greenwich nothing has to be looked up, which is many times as fast.
create or replace macro utc(moment) as make_timestamp(epoch_us(moment));
create or replace macro from_source(clock) as
    if(source_zone() = 'UTC', make_timestamptz(epoch_us(clock)), clock at time zone source_zone());

-- A time in any spelling, see instant below.
create or replace macro any_instant(written, month_first) as list_transform(
    [case
        when regexp_full_match(trim(written), '\d{9,10}') then to_timestamp(try_cast(trim(written) as bigint))
        when regexp_full_match(trim(written), '\d{12,13}') then to_timestamp(try_cast(trim(written) as bigint) / 1000)
        when regexp_full_match(trim(written), '\d{4}-\d{1,2}-\d{1,2}([ T]\d{1,2}:\d{2}(:\d{2}([.]\d+)?)?)?')
            then try_cast(trim(written) as timestamp) at time zone source_zone()
        when regexp_full_match(trim(written), '\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}([.]\d+)?(Z|[+-]\d{2}:?\d{2})')
            then try_cast(trim(written) as timestamptz)
        when regexp_full_match(trim(written), '\d{9,}([.,]\d*)?') and not regexp_full_match(trim(written), '\d{14}') then since_1970(trim(written))
        else list_transform(
            list_transform(
                [time_parts(written)],
                lambda parts: {'moment': calendar_day(parts.day, month_first) + if(parts.clock = '', time '00:00', clock_of(parts)), 'zone': trim(parts.zone)}
            ),
            lambda placed: in_zone(placed.moment, placed.zone)
        )[1]
    end],
    lambda moment: if(moment >= timestamptz '1900-01-01 00:00:00+00' and moment < timestamptz '2100-01-01 00:00:00+00', moment, null)
)[1];

-- Times as programs write them: by day and clock with or without a zone, or by seconds or thousandths since 1970. Nearly
-- all times of an export are such; what reads every other spelling (any_instant) costs a hundred times as much for each
-- two thousand rows that hold one.
create or replace macro is_plain_time(written) as regexp_full_match(
    written,
    '(19[1-9]|20[0-8])\d-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}([.]\d+)?(Z|[+-]\d{2}:?\d{2})?|[0-3]?\d{9}|[0-3]?\d{12}'
);
create or replace macro plain_instant(written) as case
    when regexp_full_match(written, '(19[1-9]|20[0-8])\d-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}([.]\d+)?') then from_source(try_cast(written as timestamp))
    when regexp_full_match(written, '(19[1-9]|20[0-8])\d-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}([.]\d+)?(Z|[+-]\d{2}:?\d{2})') then try_cast(written as timestamptz)
    when regexp_full_match(written, '[0-3]?\d{9}') then to_timestamp(try_cast(written as bigint))
    when regexp_full_match(written, '[0-3]?\d{12}') then to_timestamp(try_cast(written as bigint) / 1000)
end;

-- 45475.628 is what a spreadsheet keeps for a day and its clock, /Date(1719932645123)/ what programs of Microsoft write.
create or replace macro boxed_instant(written) as case
    when starts_with(written, '/Date(') then since_1970(regexp_extract(written, '^/Date\((\d+)([+-]\d{4})?\)/$', 1))
    when regexp_full_match(written, '[2-6]\d{4}[.,]\d{2,}')
        then from_source(timestamp '1899-12-30' + to_seconds(round(try_cast(replace(written, ',', '.') as double) * 86400)::bigint))
end;

-- A time in any spelling Xtremepush, a spreadsheet or a program is known to write, as an instant; null when it is none.
-- month_first says how the column writes 03/04/2024, see staging.time_orders. Years outside 1900 to 2099 are no time.
-- No zone is ever read by DuckDB itself: one row's zone would leak into the next.
create or replace macro instant(written, month_first := false) as case
    when written is null then null
    when is_plain_time(written) then plain_instant(written)
    when may_be_day(trim(written)) then any_instant(written, month_first)
    else boxed_instant(trim(written))
end;

-- The day an instant falls on where the source keeps its calendar.
create or replace macro source_day(moment) as
    if(source_zone() = 'UTC', utc(moment), moment at time zone source_zone())::date;

-- An object as other programs write it, {'sms': False}, in the spelling of JSON.
create or replace macro as_json(text) as
    replace(replace(replace(replace(text, '''', '"'), 'False', 'false'), 'True', 'true'), 'None', 'null');

-- Whether a text says that what it names is the only way: by SMS only, nur per Post.
create or replace macro is_the_only_way(text) as
    regexp_matches(lower(text), '\b(only|just|solely|exclusively|nur|lediglich|seulement|uniquement|exclusivement|solo|solamente|soltanto|somente|apenas|alleen|enkel|kun|bare|endast|bara|tylko)\b');

-- Whether a value in {"sms": false, "since": 2024} is one of some words: a no, or a yes. Asked only where a name says of what.
create or replace macro object_says(text, words) as
    regexp_matches(text, '[{,]\s*["''][^"'']+["'']\s*:\s*["'']?(?i:' || words || ')["'']?\s*[,}\]]');
create or replace macro object_says_no(text) as
    object_says(text, 'false|no|0|off|disabled|denied|declined|withdrawn|unsubscribed|opted.?out');
create or replace macro object_says_yes(text) as object_says(text, 'true|yes|1|on|enabled');
-- Whether an object says by its own names that something is refused: {"email_opt_in": "false"}, {"unsubscribed": true}; and an
-- object without its names, as {"unsubscribed": false} is no refusal.
create or replace macro without_names(text) as
    if(starts_with(ltrim(text), '{'), regexp_replace(text, '["''][^"'']*["'']\s*:', ' ', 'g'), text);
create or replace macro object_refuses(text) as
    regexp_matches(
        regexp_replace(
            text,
            '(?i)["''][^"'']*(url|link|page|token)[^"'']*["'']\s*:|["''][^"'']*(unsub|opt.?out|opted.?out|suppress|do.?not)[^"'']*["'']\s*:\s*["'']?(false|no|0|off|null|)["'']?\s*[,}\]]',
            ',', 'g'
        ),
        '(?i)[{,]\s*["''][^"'']*(unsub|opt.?out|opted.?out|suppress|do.?not)[^"'']*["'']\s*:'
    )
    or regexp_matches(
        regexp_replace(text, '(?i)["''][^"'']*(unsub|opt.?out|opted.?out|suppress|block|do.?not|deliver|open|click|valid|verif)[^"'']*["'']\s*:', '', 'g'),
        '(?i)[{,]\s*["''][^"'']*(opt.?in|subscri|consent|mail|sms|push|whatsapp|market|newsletter|allow|accept|agree)[^"'']*["'']\s*:\s*["'']?(false|no|0|off|disabled|denied|declined|withdrawn|unsubscribed|opted.?out)["'']?\s*[,}\]]'
    );

-- Jaro-Winkler likeness of two texts, 0 where it is less than the least that counts: so it is soon seen that most are unlike.
-- What lies on the very edge is kept, however it was rounded.
create or replace macro likeness(l, r, least) as jaro_winkler_similarity(l, r, least - 0.01);
create or replace macro is_like(l, r, least) as likeness(l, r, least) >= least;

-- How alike two texts are: 2 the same, 1 nearly the same, 0 different, null where one is unknown.
create or replace macro text_level(l, r) as
    case
        when l is null or r is null then null
        when l = r then 2
        when is_like(l, r, 0.9) then 1
        else 0
    end;

-- Jaro-Winkler likeness of two names; the same letters in another order are a slip, however unlike they look.
create or replace macro name_likeness(l, r, l_letters, r_letters) as
    if(l_letters = r_letters and l <> r, greatest(0.9, jaro_winkler_similarity(l, r)), jaro_winkler_similarity(l, r));

-- The match weight of a level in bits: how much more often one person shows it (m) than two strangers (u). For a household, h is
-- how often its members show it: null is as often as one person, 0 as seldom as strangers.
create or replace macro match_weight(m, u) as log2(m / u);
create or replace macro household_weight(m, u, h) as log2(case when h is null then m when h > 0 then h else u end / u);

-- What a value both profiles have is worth beyond its level, in bits: u is how often strangers have the same value of any kind,
-- others how many profiles besides have this one, of so many that have any. While there are few, u counts for some more of them.
create or replace macro rarity(u, filled, others, imagined) as log2(u * (filled + imagined) / (others + imagined * u));

-- Whether two names may be one, in the broadest sense: nearly the same, short for one another, a part of one another, or unknown.
-- The first look at a pair, so it has to be cheap.
create or replace macro are_names_alike(l, r, l_letters, r_letters, l_forms, r_forms) as
    case
        when l is null or r is null or l = r then true
        when is_like(l, r, 0.65) or contains(l, r) or contains(r, l) then true
        when l_forms is not null or r_forms is not null
            then list_has_any(coalesce(l_forms, [split_part(l, ' ', 1)]), coalesce(r_forms, [split_part(r, ' ', 1)]))
        when abs(length(l) - length(r)) <= 1 then levenshtein(l_letters, r_letters) <= 1
        else false
    end;

-- Whether given name and surname may stand in one another's column.
create or replace macro are_names_crossed(l_given, l_surname, r_given, r_surname) as
    coalesce(is_like(l_given, r_surname, 0.8), false) or coalesce(is_like(l_surname, r_given, 0.8), false);

-- Whether two birth dates are plainly two: more than a year apart, neither the same day of a year nor nearly the same digits.
create or replace macro are_born_apart(l_date, r_date, l_day, r_day, l_month_day, r_month_day) as
    l_month_day <> r_month_day and abs(l_day - r_day) > 400 and hamming(l_date, r_date) > 2;

-- Whether one name is another with three letters or more behind it.
create or replace macro begins_like(l, r) as
    abs(length(l) - length(r)) >= 3 and (starts_with(l, r) or starts_with(r, l));

-- Whether two names, given by their sorted letters, may be one name badly typed, however unlike they look.
create or replace macro is_slip(l_letters, r_letters) as
    levenshtein(l_letters, r_letters) <= 1 or jaro_similarity(l_letters, r_letters) >= 0.7;

-- An id as it was before a spreadsheet wrote it: ="00031" is 00031, 61.0 is 61, full-width digits and blanks are plain.
create or replace macro tidy_id(written) as nullif(
    case
        when regexp_full_match(written, '[0-9A-Za-z_:@.-]*') and written not like '%.0%' then written
        else regexp_replace(regexp_replace(regexp_replace(regexp_replace(
            translate(written, '０１２３４５６７８９', '0123456789'),
            '[\p{Z}\p{C}\s]*$|^[\p{Z}\p{C}\s]*', '', 'g'),
            '^[=''"]+|"+$', '', 'g'),
            '^([0-9]+)([.]0+|,0{1,2})$', '\1'),
            '^([0-9]+)[\p{Z}\s]+([0-9]+)[\p{Z}\s]*([0-9]*)$', '\1\2\3')
    end,
    ''
);

-- Whether a spreadsheet cut digits off an id: 1.23457E+17 is many ids.
create or replace macro is_rounded_id(id) as regexp_full_match(id, '[0-9]([.,][0-9]+)?[eE][+][0-9]+');

-- Whether what stands in the place of an id is none: only signs or many zeros, or {{user_id}} that nobody filled in. Words
-- are in settings.no_ids.
create or replace macro is_unfilled_id(id) as
    regexp_full_match(id, '[^\p{L}\p{N}]+|0{6,}|[^\p{L}\p{N}]{2,}.*[^\p{L}\p{N}]+|[$][{].*[}]');

-- What is asked of a text that many records have, once: DuckDB moves a condition on a grouped text below the grouping, and
-- asks it of every record, unless it hangs on their count, too.
create or replace macro asked_once(records, answer) as if(records > 0, answer, null);

-- A word of status or channel as the lists spell it: Opted_Out, OPTED-OUT and "opted out" are one, 1.0 is 1. A word with a
-- mark that turns it round or doubts it (subscribed?, !subscribed, a crossed box) is another: it keeps a question mark.
create or replace macro plain_word(written) as
    case
        -- most texts are plain already
        when regexp_full_match(written, '[A-Za-z0-9]+( [A-Za-z0-9]+)*') then lower(written)
        when not regexp_full_match(written, '[\p{L}\p{N} _.,:*/+-]*') and regexp_matches(written, '[?？]|^\s*[!~¬≠]|[☐✗✘✖❌❎🚫⛔👎]|\[\s*\]') then
            trim(regexp_replace(lower(written), '[^\p{L}\p{N}*]+', ' ', 'g')) || ' ?'
        when regexp_full_match(trim(written), '[+-]?[0-9]+([.]0+)?') then regexp_replace(trim(written), '^[+]|[.]0+$', '', 'g')
        else trim(regexp_replace(
            lower(translate(written, '０１２３４５６７８９', '0123456789')),
            '[^\p{L}\p{N}*]+', ' ', 'g'))
    end;

-- Lists of people that are about more than messages, as files are read that are named so: who is on one is asked about.
create or replace macro is_binding_list(name) as
    coalesce(name in ('list of people to be erased', 'list of people who died', 'list of people who asked about their data'), false);

-- A name in words: emailUnsubscribed is email Unsubscribed.
create or replace macro in_words(name) as regexp_replace(name, '([a-z])([A-Z])', '\1 \2', 'g');

-- The time at which something was said; the day a clock or a spreadsheet begins to count is no time.
create or replace macro said_at(moment) as if(moment < timestamptz '1980-01-03 00:00:00+00', null, moment);

-- The last moment that a written time can mean: a day has no clock, a clock may have no seconds. A refusal counts until then.
create or replace macro said_until(written, moment) as moment + case
    when regexp_matches(written, '[0-9]:[0-9]{2}:[0-9]{2}|^\s*[0-9]{9,}|[0-9]{8}[T ][0-9]{4}') then interval 0 seconds
    when regexp_matches(written, '[0-9]:[0-9]{2}') then interval 59 seconds
    when regexp_matches(written, '(?i)[0-9]\s*[ap][.]?m') then interval 3599 seconds
    else interval 86399 seconds
end;

-- The digits of a number or an id, full-width ones too.
create or replace macro digits_of(written) as
    regexp_replace(translate(written, '０１２３４５６７８９', '0123456789'), '[^0-9]', '', 'g');

-- The least and the greatest number that a spreadsheet shows so: 6.1E+14 stands for what rounds to it, and a long number
-- that ends in three zeros may have lost its last digits; null for any other text.
create or replace macro rounded_unit(written) as case
    when is_rounded_id(written) then
        try_cast(regexp_extract(written, '[eE][+]([0-9]+)$', 1) as integer) - length(regexp_extract(written, '[.,]([0-9]+)[eE]', 1))
    when regexp_full_match(written, '[+]?[0-9]{9,}000') then length(regexp_extract(written, '0+$'))
end;
create or replace macro rounded_middle(written) as
    try_cast(digits_of(regexp_replace(written, '[eE].*', '')) as hugeint) * if(is_rounded_id(written), try_cast(pow(10, rounded_unit(written)) as hugeint), 1::hugeint);
create or replace macro rounded_from(written) as
    if(rounded_unit(written) between 0 and 30, rounded_middle(written) - try_cast(pow(10, rounded_unit(written)) as hugeint) // 2, null);
create or replace macro rounded_to(written) as
    if(rounded_unit(written) between 0 and 30, rounded_middle(written) + try_cast(pow(10, rounded_unit(written)) as hugeint) // 2, null);

-- The day of a text that may have a clock behind it, as written there.
create or replace macro any_written_day(written, month_first) as list_transform(
    [time_parts(written)],
    lambda parts: if(parts.clock = '' or clock_of(parts) is not null, calendar_day(parts.day, month_first), null)
)[1];
create or replace macro written_day(written, month_first := false) as case
    when is_plain_day(trim(written)) then plain_day(trim(written), month_first)
    when may_be_day(trim(written)) then any_written_day(written, month_first)
end;

-- The day of a text of digits alone that stands for one: 20240131, what a clock counts since 1970, the days a spreadsheet
-- counts. Any of these could be a number too, so the name of the column, or the customer, must have said that it is a time.
create or replace macro is_digits(written) as regexp_full_match(trim(written), '\d+([.,]\d*)?');
create or replace macro stamped_day(written) as case
    when regexp_full_match(trim(written), '(1[7-9]|20)\d{6}') then try_strptime(trim(written), '%Y%m%d')::date
    when regexp_full_match(trim(written), '[1-5]\d{4}([.,]\d+)?') then (date '1899-12-30' + try_cast(left(trim(written), 5) as integer))::date
    -- ids have as many digits: only what lies in our time is one
    when since_1970(trim(written)) between timestamptz '1990-01-01 00:00:00+00' and timestamptz '2050-01-01 00:00:00+00'
        then source_day(since_1970(trim(written)))
end;
create or replace macro names_a_time(attribute) as
    regexp_matches(attribute, '(^|_)(date|day|time|timestamp|datetime|epoch|unix|created|updated|modified|joined|registered|signup|since|until|expiry|expires|expired|birthday|anniversary|datum|fecha|zeit|seit|last|first|next)(_|$)|_(at|on|ts)$')
    and not regexp_matches(attribute, '(^|_)(number|no|nr|id|ref|code|amount|value|count|total|price|points|score|balance|days|times|spend|spent|visits|orders)(_|$)');

-- A birth date lies in the past: a year of two digits is the last one that does, a later year is a mistake.
create or replace macro birth_day(written, month_first, today) as list_transform(
    [{'day': written_day(written, month_first), 'is_short': regexp_full_match(trim(written), '.*[./ -]\d{2}')}],
    lambda read: case
        when read.day <= today then read.day
        when read.is_short then (read.day - interval 100 years)::date
    end
)[1];

-- Dr. med. dent. is Dr.
create or replace macro without_faculties(name) as regexp_replace(
    name, '(?i)\b(dr)\.? *(?:(?:med|dent|jur|iur|phil|rer|nat|pol|oec|theol|vet|habil|univ|h\.? ?c|ing)\. *)+', '\1 '
);

-- noemail@noemail.com, test@test.com and no@mail.com are what is typed where an address must stand and there is none: they
-- reach nobody and make nobody one. Likewise 000 0000000 and 0123456789.
create or replace macro is_no_address(written) as regexp_full_match(
    lower(trim(written)),
    '(no|none|na|n[.]a|null|nil|no[._-]?e?[._-]?mails?|nomail|unknown|undefined|test|testing|dummy|fake|nobody|keine?|keine?[._-]?e?mail|ohne|sin[._-]?(correo|email|mail)|pas[._-]?de[._-]?(mail|email)|sans[._-]?(mail|email)|geen([._-]?(mail|email))?|brak|notprovided|not[._-]provided)@(no|none|na|null|nil|no[._-]?e?[._-]?mails?|nomail|unknown|undefined|test|testing|dummy|fake|nobody|keine?|sin[._-]?(correo|email)|geen|brak|nowhere|notprovided|not-provided)([.][a-z]{2,})+|(no|none|null|no[._-]?e?mail|noemail|nomail|notprovided|not[._-]provided)@(e?mail|example|domain|company|gmail)([.][a-z]{2,})+'
);
create or replace macro is_no_number(digits) as
    length(replace(right(digits, 7), right(digits, 1), '')) = 0 or digits in ('1234567890', '0123456789', '123456789', '12345678');

-- Days that programs write where nobody said when they were born: they tell nobody apart and make nobody one.
create or replace macro is_no_birth(day) as
    day < date '1870-01-01' or day in (date '1899-12-30', date '1899-12-31', date '1900-01-01', date '1901-01-01', date '1970-01-01');

-- A text without the characters that do not show: controls, and marks that turn the direction of writing round.
create or replace macro hides_signs(written) as regexp_matches(written, '[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x{202a}-\x{202e}\x{2066}-\x{2069}]');
create or replace macro shown(written) as if(
    hides_signs(written),
    regexp_replace(written, '[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x{202a}-\x{202e}\x{2066}-\x{2069}]', '', 'g'),
    written
);

-- What a cell gives: its text without spaces around it, or null where it is empty or holds only a word for nothing
-- (settings.null_words). Names and companies have further words of that kind.
create or replace macro given(written) as if(is_nothing(trim(written)), null, trim(written));
-- '' where a cell says in a word that there is nothing, so that it can be told from an empty cell.
create or replace macro removed(written) as if(trim(written) <> '' and is_nothing(trim(written)), '', null);
create or replace macro given_name(written) as if(is_nothing(trim(written)) or is_no_name(trim(written)), null, trim(written));
create or replace macro given_company(written) as if(is_nothing(trim(written)) or is_no_company(trim(written)), null, trim(written));

-- The currency or percent sign beside a number, '' when there is none.
create or replace macro number_unit(written) as upper(regexp_extract(
    regexp_replace(replace(trim(written), '−', '-'), '^[(](.*)[)]$', '\1'),
    '(?i)^(?:([€$£¥₹%]|eur|usd|gbp|chf|sek|nok|dkk|pln|cad|aud|kr|zł)\s*)?[+-]?[\d.,'' \x{a0}\x{202f}]*\d(?:\s*([€$£¥₹%]|eur|usd|gbp|chf|sek|nok|dkk|pln|cad|aud|kr|zł)\.?)?$',
    1
) || regexp_extract(
    trim(written),
    '(?i)\d\s*([€$£¥₹%]|eur|usd|gbp|chf|sek|nok|dkk|pln|cad|aud|kr|zł)\.?$',
    1
));

-- A number as a program writes it, from one as people write it: with a currency or percent sign, thousands apart, a
-- decimal comma where the column has one. Null when it is none; a leading zero makes it a code.
create or replace macro plain_number(written, decimal_comma) as list_transform(
    [regexp_replace(trim(regexp_replace(
        regexp_replace(replace(trim(written), '−', '-'), '^[(]\s*(.*\d.*?)\s*[)]$', '-\1'), '(?i)^[+]|^-?\s*([€$£¥₹%]|eur|usd|gbp|chf|sek|nok|dkk|pln|cad|aud|kr|zł)\s*|\s*([€$£¥₹%]|eur|usd|gbp|chf|sek|nok|dkk|pln|cad|aud|kr|zł)\.?$', '', 'g'
    )), '[\x{a0}\x{202f}]', ' ', 'g')],
    -- (12) is what a ledger writes for -12
    lambda bare: if(regexp_full_match(replace(trim(written), '−', '-'), '-\s*[^\d\s].*|[(]\s*[^-\d].*[)]'), '-', '') || case
        -- 1.5E-3 and 1.2345E4; of 1.23457E+11 the last digits are gone
        when regexp_full_match(bare, '-?\d([.,]\d+)?[eE][+-]?\d{1,2}') then if(
            rounded_unit(ltrim(bare, '-')) > 0,
            null,
            regexp_replace(try_cast(try_cast(replace(bare, ',', '.') as double) as decimal(28, 10))::varchar, '\.?0+$', '')
        )
        when decimal_comma and regexp_full_match(bare, '-?(0|[1-9]\d{0,2}([. '']\d{3})+|[1-9]\d{0,10})(,\d+)?')
            then replace(regexp_replace(bare, '[. '']', '', 'g'), ',', '.')
        when not decimal_comma and regexp_full_match(bare, '-?(0|[1-9]\d{0,2}([, '']\d{2,3})*[, '']\d{3}|[1-9]\d{0,10})(\.\d+)?')
            then regexp_replace(bare, '[, '']', '', 'g')
    end
)[1];

-- The entries of a list: a JSON list, or a text cut at its separator; without one, the text itself.
create or replace macro entries(written, separator) as list_filter(
    case
        when written like '[%]' and json_valid(written) then try_cast(try_cast(written as json) as varchar[])
        when separator is null then [written]
        else list_transform(string_split(written, separator), lambda entry: trim(entry))
    end,
    lambda entry: entry <> ''
);

-- A map of a list of keys and values, empty where there is no list; and a list with only the first of equal entries.
create or replace macro as_map(entries) as map_from_entries(coalesce(entries, []));
-- Fields and their values as one text, which every room can read, and back.
create or replace macro fields_as_text(entries) as to_json(as_map(entries))::varchar;
create or replace macro fields_of(written) as as_map(map_entries(try_cast(try_cast(written as json) as map(varchar, varchar))));

create or replace macro without_repeats(entries) as list_filter(entries, lambda entry, i: list_position(entries, entry) = i);

-- Where a column that ferry does not know stands in the cell with all of them.
create or replace macro place_of(written_name) as '/' || replace(replace(written_name, '~', '~0'), '/', '~1');

-- Whose mailbox an address may be, whatever its provider makes of dots and plus tags: to find, not to tell apart.
create or replace macro loose_mailbox(email) as
    regexp_replace(split_part(email, '@', 1), '[+].*|[.]', '', 'g') || '@' || replace(split_part(email, '@', 2), 'googlemail.com', 'gmail.com');

-- Which values of two profiles side by side differ, so that they are marked.
create or replace macro differing(one, two) as concat_ws(
    ' ',
    case when lower(one.name) is distinct from lower(two.name) then 'name' end,
    case when lower(one.email) is distinct from lower(two.email) then 'email' end,
    case when one.phone is distinct from two.phone then 'phone' end,
    case when one.born is distinct from two.born then 'born' end,
    case when lower(one.address) is distinct from lower(two.address) then 'address' end
);

-- What one record of a kind is called, in the customer's words.
create or replace macro record_word(entity) as coalesce(map {
    'user_profiles': 'profile', 'segment_memberships': 'segment member', 'loyalty': 'loyalty account',
    'campaign_interactions': 'campaign message', 'geofences': 'place', 'gamification_rules': 'loyalty rule',
    'companies': 'company', 'activities': 'activity', 'sales_activities': 'sales activity', 'phone_calls': 'phone call',
    'appointments': 'meeting', 'account_links': 'account link', 'attribute_definitions': 'attribute definition'
}[entity], replace(rtrim(entity, 's'), '_', ' '));

-- The name of a field in words, with names of channels and platforms as their makers write them.
create or replace macro field_words(field) as list_transform(
    [replace(regexp_replace(field, '^cf_', ''), '_', ' ')],
    lambda bare: regexp_replace(regexp_replace(regexp_replace(regexp_replace(
        upper(left(bare, 1)) || bare[2:],
        '\bsms\b', 'SMS', 'gi'), '\bmms\b', 'MMS', 'gi'), '\bwhatsapp\b', 'WhatsApp', 'gi'), '\bios\b', 'iOS', 'gi')
)[1];
