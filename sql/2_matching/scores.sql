-- The evidence for every compared pair in bits: 0 is as likely as not, 5.6 is 98 in 100. Rare values weigh more than common ones, and what a whole household has in common weighs only as far as it tells members of it apart.
-- one row per left_id, right_id
with
-- one line: per field, the bits of level 0, 1, 2 … for one person against strangers
bits as (
    pivot (select field, list(bits order by level) as worth from matching.weights group by field)
    on field in ('name_order', 'given_name', 'surname', 'birth_date', 'email', 'phone', 'town', 'postcode', 'street', 'street_number', 'address_2', 'state', 'gender', 'occupation', 'birth_place', 'code', 'other')
    using first(worth)
),
-- the same for two members of one household
kin as (
    pivot (select field, list(kin_bits order by level) as worth from matching.weights group by field)
    on field in ('name_order', 'given_name', 'surname', 'birth_date', 'email', 'phone', 'town', 'postcode', 'street', 'street_number', 'address_2', 'state', 'gender', 'occupation', 'birth_place', 'code', 'other')
    using first(worth)
),
-- how often strangers have the very same value
chance as (
    pivot (select field, max_by(u, level) as u from matching.weights group by field)
    on field in ('given_name', 'surname', 'birth_date', 'town', 'postcode', 'occupation', 'birth_place')
    using first(u)
),
prior as (
    select any_value(log2(prior)) as bits, any_value(log2(kin_prior)) as kin_bits
    from matching.weights
),
-- a rare value that both have says more than a common one
rarity as (
    select
        pairs.*,
        l.email_profiles,
        l.phone_profiles,
        if(pairs.given_name = 6, greatest(-3, least(6, log2(chance.given_name / l.given_name_share))), 0) as rare_given_name,
        if(pairs.surname = 6, greatest(-3, least(6, log2(chance.surname / l.surname_share))), 0) as rare_surname,
        if(pairs.birth_date = 7, greatest(-6, least(2, log2(chance.birth_date / l.birth_date_share))), 0) as rare_birth_date,
        if(pairs.town = 3, greatest(-3, least(6, log2(chance.town / l.town_share))), 0) as rare_town,
        if(pairs.postcode = 4, greatest(-3, least(6, log2(chance.postcode / l.postcode_share))), 0) as rare_postcode,
        if(pairs.occupation = 2, greatest(-3, least(6, log2(chance.occupation / l.occupation_share))), 0) as rare_occupation,
        if(pairs.birth_place = 2, greatest(-3, least(6, log2(chance.birth_place / l.birth_place_share))), 0) as rare_birth_place,
    from matching.comparisons as pairs
    inner join matching.features as l
        on l.id = pairs.left_id
    cross join chance
    where pairs.is_candidate
),
weighed as (
    select
        rarity.*,
        -- the part of the names
        coalesce(bits.name_order[rarity.name_order + 1], 0)
        + coalesce(bits.given_name[rarity.given_name + 1], 0)
        + coalesce(bits.surname[rarity.surname + 1], 0)
        + rare_given_name
        + rare_surname as name_bits,
        -- everything else
        coalesce(bits.birth_date[rarity.birth_date + 1], 0)
        + coalesce(bits.email[rarity.email + 1], 0)
        + coalesce(bits.phone[rarity.phone + 1], 0)
        + coalesce(bits.gender[rarity.gender + 1], 0)
        + coalesce(bits.occupation[rarity.occupation + 1], 0)
        + coalesce(bits.birth_place[rarity.birth_place + 1], 0)
        + coalesce(bits.code[rarity.code + 1], 0)
        + coalesce(bits.other[rarity.other + 1], 0)
        + rare_birth_date
        + rare_occupation
        + rare_birth_place
        -- where somebody lives is said once, however many columns say it; and as who moved, moved with all of it,
        -- what differs beyond one column counts for a quarter
        + greatest(0, bits.town[rarity.town + 1] + rare_town, bits.postcode[rarity.postcode + 1] + rare_postcode, bits.state[rarity.state + 1])
        + greatest(0, bits.street[rarity.street + 1])
        + greatest(0, bits.street_number[rarity.street_number + 1])
        + greatest(0, bits.address_2[rarity.address_2 + 1])
        + (
            3 * least(
                0,
                bits.town[rarity.town + 1] + rare_town, bits.postcode[rarity.postcode + 1] + rare_postcode, bits.state[rarity.state + 1],
                bits.street[rarity.street + 1], bits.street_number[rarity.street_number + 1], bits.address_2[rarity.address_2 + 1]
            )
            + least(0, bits.town[rarity.town + 1] + rare_town)
            + least(0, bits.postcode[rarity.postcode + 1] + rare_postcode)
            + least(0, bits.state[rarity.state + 1])
            + least(0, bits.street[rarity.street + 1])
            + least(0, bits.street_number[rarity.street_number + 1])
            + least(0, bits.address_2[rarity.address_2 + 1])
        ) / 4 as other_bits,
        -- two of one household
        coalesce(kin.name_order[rarity.name_order + 1], 0)
        + coalesce(kin.given_name[rarity.given_name + 1], 0)
        + coalesce(kin.surname[rarity.surname + 1], 0)
        + coalesce(kin.birth_date[rarity.birth_date + 1], 0)
        + coalesce(kin.email[rarity.email + 1], 0)
        + coalesce(kin.phone[rarity.phone + 1], 0)
        + coalesce(kin.gender[rarity.gender + 1], 0)
        + coalesce(kin.occupation[rarity.occupation + 1], 0)
        + coalesce(kin.birth_place[rarity.birth_place + 1], 0)
        + coalesce(kin.code[rarity.code + 1], 0)
        + coalesce(kin.other[rarity.other + 1], 0)
        + rare_surname
        + rare_birth_date
        + rare_birth_place
        + greatest(0, kin.town[rarity.town + 1] + rare_town, kin.postcode[rarity.postcode + 1] + rare_postcode, kin.state[rarity.state + 1])
        + greatest(0, kin.street[rarity.street + 1])
        + greatest(0, kin.street_number[rarity.street_number + 1])
        + greatest(0, kin.address_2[rarity.address_2 + 1])
        + (
            3 * least(
                0,
                kin.town[rarity.town + 1] + rare_town, kin.postcode[rarity.postcode + 1] + rare_postcode, kin.state[rarity.state + 1],
                kin.street[rarity.street + 1], kin.street_number[rarity.street_number + 1], kin.address_2[rarity.address_2 + 1]
            )
            + least(0, kin.town[rarity.town + 1] + rare_town)
            + least(0, kin.postcode[rarity.postcode + 1] + rare_postcode)
            + least(0, kin.state[rarity.state + 1])
            + least(0, kin.street[rarity.street + 1])
            + least(0, kin.street_number[rarity.street_number + 1])
            + least(0, kin.address_2[rarity.address_2 + 1])
        ) / 4 as kin_bits,
    from rarity
    cross join bits
    cross join kin
),
options as (
    select
        max(value::double) filter (name = 'shared_key_limit') as shared_key_limit,
        max(value::double) filter (name = 'ask_from') as ask_from,
        max(value::double) filter (name = 'merge_from') as merge_from,
    from settings.match_options
),
limited as (
    select
        weighed.left_id,
        weighed.right_id,
        -- one person, against strangers and against two of one household
        name_bits + other_bits + prior.bits - log2(1 + pow(2, weighed.kin_bits + prior.kin_bits)) as bits,
        -- the same address of one and the same name needs no weighing
        case
            when email = 4 and email_profiles <= shared_key_limit and coalesce(given_name, 6) >= 2 and coalesce(surname, 6) >= 2 then 'same e-mail'
            when phone = 3 and phone_profiles <= shared_key_limit and given_name >= 5 and surname = 6 then 'same phone and name'
        end as exact_key,
        -- a name alone, or a household without the same person in it, is a question and not an answer
        other_bits < 2
        or (coalesce(given_name, 6) <= 1 and coalesce(birth_date, 0) < 2) as is_doubtful,
        log2(merge_from / (1 - merge_from)) - 1 as most_in_doubt,
    from weighed
    cross join prior
    cross join options
)
select
    left_id,
    right_id,
    round(if(is_doubtful, least(bits, most_in_doubt), bits), 3)::decimal(9, 3) as bits,
    exact_key,
from limited
