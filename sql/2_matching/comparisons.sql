-- How alike the two profiles of every pair are, one level per kind of evidence: 0 is different, the highest is equal, null is unknown.
-- one row per left_id, right_id
with
pairs as (
    select left_id, right_id, bool_or(is_candidate) as is_candidate, bool_or(is_random) as is_random
    from (
        select left_id, right_id, true as is_candidate, false as is_random from matching.candidates
        union all
        select left_id, right_id, false as is_candidate, true as is_random from matching.strangers
    )
    group by left_id, right_id
),
compared as (
    select
        id, given_name, given_names, has_nickname, surname, full_name, birth_date, birth_day, birth_year, birth_month_day, email, email_local, is_email_of_name, phone,
        town, postcode, district, street, street_number, address_2, state, gender, occupation, birth_place, code, other,
        given_letters, surname_letters, email_letters, town_letters,
    from matching.features
),
-- Jaro-Winkler likeness of the texts; what costs more is only asked for where it is high enough, and inside a case of its own,
-- because both sides of an "and" are always worked out
alike as (
    select
        pairs.*,
        l,
        r,
        jaro_winkler_similarity(l.given_name, r.given_name) as given_straight,
        jaro_winkler_similarity(l.surname, r.surname) as surname_straight,
        jaro_winkler_similarity(l.given_name, r.surname) as given_cross,
        jaro_winkler_similarity(l.surname, r.given_name) as surname_cross,
        jaro_winkler_similarity(l.email, r.email) as email_alike,
        jaro_winkler_similarity(l.town, r.town) as town_alike,
    from pairs
    inner join compared as l
        on l.id = pairs.left_id
    inner join compared as r
        on r.id = pairs.right_id
),
-- names written in the wrong columns: the crosswise likeness beats the straight one clearly
crossed as (
    select
        *,
        coalesce(given_cross, 0.6) + coalesce(surname_cross, 0.6) > coalesce(given_straight, 0.6) + coalesce(surname_straight, 0.6) + 0.25
            as is_crossed,
    from alike
),
sides as (
    select
        *,
        if(is_crossed, r.surname, r.given_name) as right_given,
        if(is_crossed, r.given_name, r.surname) as right_surname,
        if(is_crossed, r.surname_letters, r.given_letters) as right_given_letters,
        if(is_crossed, r.given_letters, r.surname_letters) as right_surname_letters,
        if(is_crossed, given_cross, given_straight) as given_alike,
        if(is_crossed, surname_cross, surname_straight) as surname_alike,
    from crossed
)
select
    left_id,
    right_id,
    is_candidate,
    is_random,
    is_crossed,
    if(coalesce(given_alike, surname_alike) is null, null, if(is_crossed, 0, 1))::tinyint as name_order,
    case
        when given_alike is null then null
        when l.given_name = right_given then 6
        when case when l.has_nickname or r.has_nickname then list_has_any(l.given_names, r.given_names) else false end then 5
        when case when l.given_name[1] = right_given[1] then starts_with(l.given_name, right_given || ' ') or starts_with(right_given, l.given_name || ' ') else false end then 5
        when least(length(l.given_name), length(right_given)) = 1 and l.given_name[1] = right_given[1] then 3
        when given_alike < 0.6 then 0
        when given_alike >= 0.88 or levenshtein(l.given_letters, right_given_letters) <= 1 and length(right_given) > 3 then 4
        when levenshtein(l.given_name, right_given) <= 1 and length(right_given) > 2 then 4
        when given_alike >= 0.78 or levenshtein(l.given_letters, right_given_letters) <= 2 and length(right_given) > 4 then 2
        when given_alike >= 0.65 then 1
        else 0
    end::tinyint as given_name,
    case
        when surname_alike is null then null
        when l.surname = right_surname then 6
        when case
            when contains(right_surname, l.surname) or contains(l.surname, right_surname)
                then contains(' ' || right_surname || ' ', ' ' || l.surname || ' ') or contains(' ' || l.surname || ' ', ' ' || right_surname || ' ')
            else false
        end then 3
        when case
            when l.full_name is not null or r.full_name is not null
                then contains(' ' || r.full_name || ' ', ' ' || l.surname || ' ') or contains(' ' || l.full_name || ' ', ' ' || right_surname || ' ')
            else false
        end then 3
        when surname_alike < 0.6 then 0
        when levenshtein(l.surname, right_surname) <= 1 and length(right_surname) > 2 then 5
        when l.surname_letters = right_surname_letters and levenshtein(l.surname, right_surname) = 2 then 5
        when surname_alike >= 0.9 or levenshtein(l.surname_letters, right_surname_letters) <= 1 and length(right_surname) > 3 then 4
        when surname_alike >= 0.8 or levenshtein(l.surname_letters, right_surname_letters) <= 2 and length(right_surname) > 4 then 2
        when surname_alike >= 0.65 then 1
        else 0
    end::tinyint as surname,
    case
        when l.birth_date is null or r.birth_date is null then null
        when l.birth_date = r.birth_date then 7
        -- most pairs end here, before it gets costly
        when l.birth_month_day <> r.birth_month_day and abs(l.birth_day - r.birth_day) > 400 and hamming(l.birth_date, r.birth_date) > 2 then 0
        when hamming(l.birth_date, r.birth_date) = 1 then 6
        when l.birth_year = r.birth_year and l.birth_month_day % 100 = r.birth_month_day // 100 and l.birth_month_day // 100 = r.birth_month_day % 100 then 6
        when case
            when hamming(l.birth_date, r.birth_date) = 2 then list_sort(string_split(l.birth_date, '')) = list_sort(string_split(r.birth_date, ''))
            else false
        end then 6
        when l.birth_year = r.birth_year and (l.birth_month_day = 101 or r.birth_month_day = 101) then 5
        when abs(l.birth_day - r.birth_day) <= 31 then 4
        when abs(l.birth_day - r.birth_day) <= 92 then 3
        when l.birth_month_day = r.birth_month_day or hamming(l.birth_date, r.birth_date) = 2 then 2
        when abs(l.birth_day - r.birth_day) <= 400 then 1
        else 0
    end::tinyint as birth_date,
    case
        when email_alike is null then null
        when l.email = r.email then 4
        when email_alike < 0.7 then 0
        when l.is_email_of_name and r.is_email_of_name then 1
        when l.email_local = r.email_local and length(l.email_local) >= 4 then 3
        when levenshtein(l.email, r.email) <= 2 or levenshtein(l.email_letters, r.email_letters) <= 1 then 3
        when email_alike >= 0.92 or levenshtein(l.email_letters, r.email_letters) <= 3 then 2
        when email_alike >= 0.8 or split_part(l.email, '@', 2) = split_part(r.email, '@', 2) then 1
        else 0
    end::tinyint as email,
    case
        when l.phone is null or r.phone is null then null
        when l.phone = r.phone then 3
        when l.phone[-8:] = r.phone[-8:] then 2
        when case when l.phone[-5:] = r.phone[-5:] or l.phone[:7] = r.phone[:7] then levenshtein(l.phone, r.phone) <= 1 else false end then 1
        else 0
    end::tinyint as phone,
    case
        when town_alike is null then null
        when l.town = r.town then 3
        when town_alike < 0.6 then 0
        when town_alike >= 0.92 or levenshtein(l.town, r.town) <= 1 then 2
        when town_alike >= 0.8 or levenshtein(l.town_letters, r.town_letters) <= 1 then 1
        else 0
    end::tinyint as town,
    case
        when l.postcode is null or r.postcode is null then null
        when l.postcode = r.postcode then 4
        when case when l.postcode[:2] = r.postcode[:2] or l.postcode[-2:] = r.postcode[-2:] then levenshtein(l.postcode, r.postcode) <= 1 else false end then 3
        when l.district = r.district then 2
        when l.postcode[:2] = r.postcode[:2] then 1
        else 0
    end::tinyint as postcode,
    case
        when l.street is null or r.street is null then null
        when l.street = r.street then 2
        when jaro_winkler_similarity(l.street, r.street) >= 0.9 then 1
        else 0
    end::tinyint as street,
    case
        when l.street_number is null or r.street_number is null then null
        when l.street_number = r.street_number then 2
        when levenshtein(l.street_number, r.street_number) <= 1 then 1
        else 0
    end::tinyint as street_number,
    case
        when l.address_2 is null or r.address_2 is null then null
        when l.address_2 = r.address_2 then 2
        when jaro_winkler_similarity(l.address_2, r.address_2) >= 0.9 then 1
        else 0
    end::tinyint as address_2,
    case
        when l.state is null or r.state is null then null
        when l.state = r.state then 1
        else 0
    end::tinyint as state,
    case
        when l.gender is null or r.gender is null then null
        when l.gender = r.gender then 1
        else 0
    end::tinyint as gender,
    case
        when l.occupation is null or r.occupation is null then null
        when l.occupation = r.occupation then 2
        when jaro_winkler_similarity(l.occupation, r.occupation) >= 0.9 then 1
        else 0
    end::tinyint as occupation,
    case
        when l.birth_place is null or r.birth_place is null then null
        when l.birth_place = r.birth_place then 2
        when jaro_winkler_similarity(l.birth_place, r.birth_place) >= 0.9 then 1
        else 0
    end::tinyint as birth_place,
    case
        when l.code is null or r.code is null then null
        when l.code = r.code then 1
        else 0
    end::tinyint as code,
    case
        when l.other is null or r.other is null then null
        when l.other = r.other then 2
        when jaro_winkler_similarity(l.other, r.other) >= 0.9 then 1
        else 0
    end::tinyint as other,
from sides
