-- What a value both profiles have is worth beyond its level, in bits: a rare name or town says more than a common one.
-- one row per left_id, right_id
-- view
with
options as (
    select value::double as imagined
    from settings.match_options
    where name = 'imagined_values'
),
-- how often strangers reach the level at which values are equal
chance as (
    select
        max(u_probability) filter (field = 'given_name' and level = 7) as given_name,
        max(u_probability) filter (field = 'surname' and level = 6) as surname,
        max(u_probability) filter (field = 'birth_date' and level = 7) as birth_date,
        max(u_probability) filter (field = 'place' and level = 3) as town,
        sum(u_probability) filter (field = 'place' and level >= 4) as postcode,
        max(u_probability) filter (field = 'birth_place' and level = 2) as birth_place,
        max(u_probability) filter (field = 'occupation' and level = 2) as occupation,
    from matching.weights
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
rare as (
    select
        pairs.left_id,
        pairs.right_id,
        case when pairs.given_name = 7 then rarity(chance.given_name, filled.given_name, l.given_name_others, imagined) end as given_name,
        case when pairs.surname = 6 then rarity(chance.surname, filled.surname, l.surname_others, imagined) end as surname,
        case when pairs.birth_date = 7 then rarity(chance.birth_date, filled.birth_date, l.birth_date_others, imagined) end as birth_date,
        case
            when pairs.place = 3 then rarity(chance.town, filled.town, l.town_others, imagined)
            when pairs.place >= 4 then rarity(chance.postcode, filled.postcode, l.postcode_others, imagined)
        end as place,
        case when pairs.birth_place = 2 then rarity(chance.birth_place, filled.birth_place, l.birth_place_others, imagined) end as birth_place,
        case when pairs.occupation = 2 then rarity(chance.occupation, filled.occupation, l.occupation_others, imagined) end as occupation,
    from matching.comparisons as pairs
    inner join matching.features as l
        on l.id = pairs.left_id
    cross join chance
    cross join filled
    cross join options
    where pairs.is_candidate
),
-- no value is worth everything
limited as (
    select
        left_id,
        right_id,
        greatest(-3, least(6, coalesce(given_name, 0))) as given_name,
        greatest(-3, least(6, coalesce(surname, 0))) as surname,
        greatest(-6, least(2, coalesce(birth_date, 0))) as birth_date,
        greatest(-3, least(6, coalesce(place, 0))) as place,
        greatest(-3, least(6, coalesce(birth_place, 0))) as birth_place,
        greatest(-3, least(6, coalesce(occupation, 0))) as occupation,
    from rare
)
select
    left_id,
    right_id,
    given_name + surname + birth_date + place + birth_place + occupation as bits,
    -- what a whole household has in common
    surname + birth_date + place + birth_place as kin_bits,
    -- what is not said by the names
    birth_date + place + birth_place + occupation as other_bits,
from limited
