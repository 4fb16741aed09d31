-- The evidence for every compared pair in bits: 0 is as likely as not, 5.6 is 98 in 100. Rare values weigh more than common ones.
-- one row per left_id, right_id
with
-- one line: per field, the bits of level 0, 1, 2 …
bits as (
    pivot (select field, list(bits order by level) as worth from matching.weights group by field)
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
    select log2(any_value(prior) / (1 - any_value(prior))) as bits
    from matching.weights
),
weighed as (
    select
        pairs.left_id,
        pairs.right_id,
        pairs.is_crossed,
        pairs.given_name,
        pairs.surname,
        pairs.birth_date,
        pairs.email,
        pairs.phone,
        l.email_profiles,
        l.phone_profiles,
        -- the part of the names
        coalesce(bits.name_order[pairs.name_order + 1], 0)
        + coalesce(bits.given_name[pairs.given_name + 1], 0)
        + coalesce(bits.surname[pairs.surname + 1], 0)
        + if(pairs.given_name = 6, greatest(-3, least(6, log2(chance.given_name / l.given_name_share))), 0)
        + if(pairs.surname = 6, greatest(-3, least(6, log2(chance.surname / l.surname_share))), 0) as name_bits,
        -- everything else
        coalesce(bits.birth_date[pairs.birth_date + 1], 0)
        + coalesce(bits.email[pairs.email + 1], 0)
        + coalesce(bits.phone[pairs.phone + 1], 0)
        + coalesce(bits.town[pairs.town + 1], 0)
        + coalesce(bits.postcode[pairs.postcode + 1], 0)
        + coalesce(bits.street[pairs.street + 1], 0)
        + coalesce(bits.street_number[pairs.street_number + 1], 0)
        + coalesce(bits.address_2[pairs.address_2 + 1], 0)
        + coalesce(bits.state[pairs.state + 1], 0)
        + coalesce(bits.gender[pairs.gender + 1], 0)
        + coalesce(bits.occupation[pairs.occupation + 1], 0)
        + coalesce(bits.birth_place[pairs.birth_place + 1], 0)
        + coalesce(bits.code[pairs.code + 1], 0)
        + coalesce(bits.other[pairs.other + 1], 0)
        + if(pairs.birth_date = 7, greatest(-6, least(2, log2(chance.birth_date / l.birth_date_share))), 0)
        + if(pairs.town = 3, greatest(-3, least(6, log2(chance.town / l.town_share))), 0)
        + if(pairs.postcode = 4, greatest(-3, least(6, log2(chance.postcode / l.postcode_share))), 0)
        + if(pairs.occupation = 2, greatest(-3, least(6, log2(chance.occupation / l.occupation_share))), 0)
        + if(pairs.birth_place = 2, greatest(-3, least(6, log2(chance.birth_place / l.birth_place_share))), 0) as other_bits,
    from matching.comparisons as pairs
    inner join matching.features as l
        on l.id = pairs.left_id
    cross join bits
    cross join chance
    where pairs.is_candidate
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
        name_bits + other_bits + prior.bits as bits,
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
