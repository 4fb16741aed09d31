-- What a profile's values are worth beyond their level where another has the same, in bits: a rare name or town says more than a common one.
-- one row per id
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
        id,
        rarity(chance.given_name, filled.given_name, given_name_others, imagined) as given_name,
        rarity(chance.surname, filled.surname, surname_others, imagined) as surname,
        rarity(chance.birth_date, filled.birth_date, birth_date_others, imagined) as birth_date,
        rarity(chance.town, filled.town, town_others, imagined) as town,
        rarity(chance.postcode, filled.postcode, postcode_others, imagined) as postcode,
        rarity(chance.birth_place, filled.birth_place, birth_place_others, imagined) as birth_place,
        rarity(chance.occupation, filled.occupation, occupation_others, imagined) as occupation,
    from matching.features
    cross join chance
    cross join filled
    cross join options
)
-- no value is worth everything
select
    id,
    greatest(-3, least(6, coalesce(given_name, 0))) as given_name,
    greatest(-3, least(6, coalesce(surname, 0))) as surname,
    greatest(-6, least(2, coalesce(birth_date, 0))) as birth_date,
    greatest(-3, least(6, coalesce(town, 0))) as town,
    greatest(-3, least(6, coalesce(postcode, 0))) as postcode,
    greatest(-3, least(6, coalesce(birth_place, 0))) as birth_place,
    greatest(-3, least(6, coalesce(occupation, 0))) as occupation,
from rare
