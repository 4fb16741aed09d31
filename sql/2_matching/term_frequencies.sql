-- What a value both profiles have is worth beyond its level, in bits: a rare name or town says more than a common one.
-- one row per left_id, right_id
-- view
with
-- how often strangers reach the level at which values are equal
chance as (
    select
        max(options.imagined) as imagined,
        max(u) filter (field = 'given_name' and level = 7) as given_name,
        max(u) filter (field = 'surname' and level = 6) as surname,
        max(u) filter (field = 'birth_date' and level = 7) as birth_date,
        max(u) filter (field = 'place' and level = 3) as town,
        sum(u) filter (field = 'place' and level >= 4) as postcode,
        max(u) filter (field = 'birth_place' and level = 2) as birth_place,
        max(u) filter (field = 'occupation' and level = 2) as occupation,
    from matching.weights
    cross join (select value::double as imagined from settings.match_options where name = 'imagined_values') as options
),
filled as (
    select
        count(*) filter (field = 'given_name') as given_name,
        count(*) filter (field = 'surname') as surname,
        count(*) filter (field = 'birth_date') as birth_date,
        count(*) filter (field = 'town') as town,
        count(*) filter (field = 'postcode') as postcode,
        count(*) filter (field = 'birth_place') as birth_place,
        count(*) filter (field = 'occupation') as occupation,
    from matching.facts
),
-- how many others have the value, of all; while there are few, the chance above counts for some of them
shares as (
    select
        pairs.left_id,
        pairs.right_id,
        case when pairs.given_name = 7 then log2(chance.given_name * (filled.given_name + imagined) / (l.given_name_others + imagined * chance.given_name)) end as given_name,
        case when pairs.surname = 6 then log2(chance.surname * (filled.surname + imagined) / (l.surname_others + imagined * chance.surname)) end as surname,
        case when pairs.birth_date = 7 then log2(chance.birth_date * (filled.birth_date + imagined) / (l.birth_date_others + imagined * chance.birth_date)) end as birth_date,
        case when pairs.place = 3 then log2(chance.town * (filled.town + imagined) / (l.town_others + imagined * chance.town)) when pairs.place >= 4 then log2(chance.postcode * (filled.postcode + imagined) / (l.postcode_others + imagined * chance.postcode)) end as place,
        case when pairs.birth_place = 2 then log2(chance.birth_place * (filled.birth_place + imagined) / (l.birth_place_others + imagined * chance.birth_place)) end as birth_place,
        case when pairs.occupation = 2 then log2(chance.occupation * (filled.occupation + imagined) / (l.occupation_others + imagined * chance.occupation)) end as occupation,
    from matching.comparisons as pairs
    inner join matching.features as l
        on l.id = pairs.left_id
    cross join chance
    cross join filled
    where pairs.is_candidate
)
select
    left_id,
    right_id,
    greatest(-3, least(6, coalesce(given_name, 0))) as given_name,
    greatest(-3, least(6, coalesce(surname, 0))) as surname,
    greatest(-6, least(2, coalesce(birth_date, 0))) as birth_date,
    greatest(-3, least(6, coalesce(place, 0))) as place,
    greatest(-3, least(6, coalesce(birth_place, 0))) as birth_place,
    greatest(-3, least(6, coalesce(occupation, 0))) as occupation,
from shares
