-- In small data everybody is looked at with everybody: the pairs that have at least two things nearly in common, whatever keys they share.
-- one row per left_id, right_id
with
small as (
    select *
    from matching.features
    where (select count(*) * (count(*) - 1) / 2 from matching.features)
        <= (select value::bigint from settings.match_options where name = 'everybody_pairs')
),
looked_at as (
    select
        l.id as left_id,
        r.id as right_id,
        greatest(
            jaro_winkler_similarity(l.given_name, r.given_name), jaro_winkler_similarity(l.surname, r.surname),
            jaro_winkler_similarity(l.given_name, r.surname), jaro_winkler_similarity(l.surname, r.given_name)
        ) >= 0.85 or l.name_letters = r.name_letters as has_like_name,
        l.birth_date = r.birth_date as has_same_birth_date,
        hamming(l.birth_date, r.birth_date) <= 2 or l.birth_month_day = r.birth_month_day or abs(l.birth_day - r.birth_day) <= 100 as has_like_birth_date,
        is_like(l.email, r.email, 0.85) or l.email_letters = r.email_letters as has_like_email,
        l.phone[-6:] = r.phone[-6:] as has_like_phone,
        l.town = r.town or l.postcode = r.postcode or l.street = r.street as has_same_place,
    from small as l
    inner join small as r
        on r.id > l.id
)
select left_id, right_id
from looked_at
where coalesce(has_same_birth_date, false)
    or coalesce(has_like_name, false)::integer + coalesce(has_like_birth_date, false)::integer + coalesce(has_like_email, false)::integer
    + coalesce(has_like_phone, false)::integer + coalesce(has_same_place, false)::integer >= 2
