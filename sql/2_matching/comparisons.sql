-- How alike the two profiles of every pair are, one level per field: 0 is different, the highest is equal, null is unknown.
-- one row per left_id, right_id
with
drawn_candidates as (
    select left_id, right_id
    from matching.candidates
    semi join matching.strangers using (left_id, right_id)
),
pairs as (
    select candidates.left_id, candidates.right_id, true as is_candidate, drawn.left_id is not null as is_random
    from matching.candidates as candidates
    left join drawn_candidates as drawn
        using (left_id, right_id)
    union all
    select left_id, right_id, false as is_candidate, true as is_random
    from matching.strangers
    anti join drawn_candidates using (left_id, right_id)
),
compared as (
    select
        id, user_id, name_number, generation,
        given_name, given_first, given_letters, given_sound, given_forms, is_known_given, surname, surname_letters, full_name,
        birth_date, birth_day, birth_year, birth_month_day,
        email, email_local, email_domain, email_letters, mailbox, is_email_of_name, is_email_public, email_domain_share, phone, phone_end,
        town, town_letters, postcode, district, state, street, street_number, address_2, gender[:1] as gender, occupation, birth_place,
    from matching.features
),
-- fields that settings.matching compares as text, identifier or category
added_facts as (
    select features.id, facts.field, facts.value
    from matching.facts as facts
    inner join settings.matching as fields
        on fields.attribute = facts.field
        and fields.compares_as in ('text', 'identifier', 'category')
    inner join matching.features as features
        on features.profile_key = facts.profile_key
),
added as (
    select pairs.left_id, pairs.right_id, list(l.field || '|' || text_level(l.value, r.value) order by l.field) as others
    from pairs
    inner join added_facts as l
        on l.id = pairs.left_id
    inner join added_facts as r
        on r.id = pairs.right_id
        and r.field = l.field
    group by pairs.left_id, pairs.right_id
),
-- How alike the texts are; what costs more is only asked for where that is high enough, and inside a case of its own,
-- because both sides of an "and" are always worked out
alike as (
    select
        pairs.*,
        l,
        r,
        -- the same letters in another order are a slip, however unlike they look
        name_likeness(l.given_name, r.given_name, l.given_letters, r.given_letters) as given_straight,
        name_likeness(l.surname, r.surname, l.surname_letters, r.surname_letters) as surname_straight,
        name_likeness(l.given_name, r.surname, l.given_letters, r.surname_letters) as given_cross,
        name_likeness(l.surname, r.given_name, l.surname_letters, r.given_letters) as surname_cross,
        likeness(l.email, r.email, 0.7) as email_alike,
        likeness(l.town, r.town, 0.8) as town_alike,
        likeness(l.street, r.street, 0.8) as street_alike,
        -- Bill and William; who has one form only has none listed
        case
            when l.given_forms is not null or r.given_forms is not null
                then list_has_any(coalesce(l.given_forms, [l.given_first]), coalesce(r.given_forms, [r.given_first]))
            else false
        end as has_common_form,
        added.others,
    from pairs
    left join added
        on added.left_id = pairs.left_id
        and added.right_id = pairs.right_id
    inner join compared as l
        on l.id = pairs.left_id
    inner join compared as r
        on r.id = pairs.right_id
),
-- names written in the wrong columns: the crosswise likeness beats the straight one clearly; a little is enough where there is one name only.
-- John Doe is not Don Johnson, though John begins like Johnson
crossed as (
    select
        *,
        coalesce(given_cross, 0.6) + coalesce(surname_cross, 0.6) > coalesce(given_straight, 0.6) + coalesce(surname_straight, 0.6)
            + if(l.given_name is null or l.surname is null or r.given_name is null or r.surname is null, 0.1, 0.25)
            and not coalesce(greatest(given_cross, surname_cross) < 1 and (begins_like(l.given_name, r.surname) or begins_like(l.surname, r.given_name)), false)
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
        -- Dan and Don, Jean and Joan: one letter apart, and each of them a name of its own
        case
            when is_crossed or coalesce(given_straight, 0) < 0.6 or l.given_first = r.given_first then false
            when l.given_sound = r.given_sound or has_common_form then false
            -- "Ali e" is Alfie
            when contains(l.given_name, ' ') <> contains(r.given_name, ' ') and levenshtein(l.given_name, r.given_name) = 1 then false
            when l.is_known_given and r.is_known_given then true
            -- Nico and Nica; Amir and Amira, but Laur is a slip for Laura
            when length(l.given_first) = length(r.given_first) and l.given_first[:-2] = r.given_first[:-2]
                then l.given_first[-1] || r.given_first[-1] in ('ao', 'oa')
            when l.is_known_given = r.is_known_given
                then l.given_first || 'a' = r.given_first or r.given_first || 'a' = l.given_first
            else false
        end as is_another_given,
    from crossed
),
levels as (
    select
        left_id,
        right_id,
        is_candidate,
        is_random,
        is_crossed,
        l.user_id <> r.user_id as has_other_user_id,
        l.name_number <> r.name_number as has_other_number,
        l.generation <> r.generation as has_other_generation,
        (l.generation is null) <> (r.generation is null) as has_half_generation,
        l.is_known_given and r.is_known_given as are_known_given,
        l.given_first <> r.given_first as has_other_first,
        -- "Hn yr" is what became of Henry, "llh" of Hill, and Kirstin of Kristin; Christian and Christina are brother and sister
        case
            when is_another_given
                then l.given_letters = right_given_letters and length(right_given) >= 6 and l.given_name[-1] = right_given[-1]
            -- asked only of names that are not alike anyhow
            when given_alike >= 0.65 or l.is_known_given and r.is_known_given then false
            else is_slip(l.given_letters, right_given_letters)
        end as is_garbled_given,
        case when surname_alike >= 0.8 then false else is_slip(l.surname_letters, right_surname_letters) end as is_garbled_surname,
        l.given_name is not null and l.surname is not null and r.given_name is not null and r.surname is not null as are_full_names,
        l.birth_year = r.birth_year as has_same_birth_year,
        abs(l.birth_year - r.birth_year) >= 15 as is_generation_apart,
        -- one level per field
        {
            'name_order': if(coalesce(given_alike, surname_alike) is null, null, if(is_crossed, 0, 1))::tinyint,
            'given_name': case
                when given_alike is null then null
                -- J. and J. may be John and Joan
                when l.given_name = right_given then if(length(l.given_name) = 1, 4, 7)
                when has_common_form then 6
                when case when l.given_name[1] = right_given[1] then starts_with(l.given_name, right_given || ' ') or starts_with(right_given, l.given_name || ' ') else false end then 6
                when least(length(l.given_name), length(right_given)) = 1 and l.given_name[1] = right_given[1] then 4
                when given_alike < 0.6 and (abs(length(l.given_name) - length(right_given)) > 1 or least(length(l.given_name), length(right_given)) < 2) then 0
                when is_another_given then if(given_alike < 0.6, 0, 1)
                when given_alike >= 0.88 or levenshtein(l.given_letters, right_given_letters) <= 1 and greatest(length(l.given_name), length(right_given)) > 4 then 5
                when levenshtein(l.given_name, right_given) <= 1 and greatest(length(l.given_name), length(right_given)) > 2 then 5
                when given_alike >= 0.78 or levenshtein(l.given_letters, right_given_letters) <= 2 and length(right_given) > 4 then 3
                when given_alike >= 0.65 then 2
                else 0
            end::tinyint,
            'surname': case
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
                when surname_alike < 0.6 and (abs(length(l.surname) - length(right_surname)) > 1 or least(length(l.surname), length(right_surname)) < 2) then 0
                when levenshtein(l.surname, right_surname) <= 1 and greatest(length(l.surname), length(right_surname)) > 2 then 5
                when l.surname_letters = right_surname_letters and levenshtein(l.surname, right_surname) = 2 then 5
                when surname_alike >= 0.9 or levenshtein(l.surname_letters, right_surname_letters) <= 1 and length(right_surname) > 4 then 4
                when surname_alike >= 0.8 or levenshtein(l.surname_letters, right_surname_letters) <= 2 and length(right_surname) > 4 then 2
                when surname_alike >= 0.65 then 1
                else 0
            end::tinyint,
            'birth_date': case
                when l.birth_date is null or r.birth_date is null then null
                when l.birth_date = r.birth_date then 7
                -- most pairs end here, before it gets costly
                when are_born_apart(l.birth_date, r.birth_date, l.birth_day, r.birth_day, l.birth_month_day, r.birth_month_day) then 0
                when hamming(l.birth_date, r.birth_date) = 1 then 6
                when l.birth_year = r.birth_year and l.birth_month_day % 100 = r.birth_month_day // 100 and l.birth_month_day // 100 = r.birth_month_day % 100 then 6
                when case
                    when hamming(l.birth_date, r.birth_date) = 2 then sorted_letters(l.birth_date) = sorted_letters(r.birth_date)
                    else false
                end then 6
                when l.birth_year = r.birth_year and (l.birth_month_day = 101 or r.birth_month_day = 101) then 5
                when abs(l.birth_day - r.birth_day) <= 31 then 4
                when abs(l.birth_day - r.birth_day) <= 92 then 3
                when l.birth_month_day = r.birth_month_day or hamming(l.birth_date, r.birth_date) = 2 then 2
                when abs(l.birth_day - r.birth_day) <= 400 then 1
                else 0
            end::tinyint,
            'email': case
                when email_alike is null then null
                when l.email = r.email then 5
                when l.mailbox = r.mailbox then 4
                -- walt12 and walt21 are counted: numbers behind a name are no slip
                when case
                    when l.email_letters = r.email_letters and l.is_email_of_name and r.is_email_of_name
                        then regexp_replace(l.email_local, '[0-9]', '', 'g') <> regexp_replace(r.email_local, '[0-9]', '', 'g')
                    else l.email_letters = r.email_letters
                end then 3
                when email_alike < 0.7 then 0
                -- walter.lor1 and walter.lor7 at one public provider are namesakes: who has a number there found the name taken
                when case
                    -- the one or the other may have its name mistyped
                    when l.is_email_public and (l.is_email_of_name or r.is_email_of_name) and l.email_domain = r.email_domain
                        then regexp_replace(l.email_local, '[0-9]', '', 'g') = regexp_replace(r.email_local, '[0-9]', '', 'g')
                    else false
                end then 1
                -- addresses made of like names are alike; only where hardly anybody else has the provider does that say more
                when l.is_email_of_name and r.is_email_of_name and greatest(l.email_domain_share, r.email_domain_share) > 0.03 then 1
                when case when abs(length(l.email) - length(r.email)) <= 2 then levenshtein(l.email, r.email) <= 2 else false end then 3
                when case when abs(length(l.email) - length(r.email)) <= 1 then levenshtein(l.email_letters, r.email_letters) <= 1 else false end then 3
                when l.email_local = r.email_local and length(l.email_local) >= 4 and not is_like(l.email_domain, r.email_domain, 0.8)
                    then if(l.is_email_of_name and r.is_email_of_name, 1, 3)
                when email_alike >= 0.92 then 2
                when case when abs(length(l.email) - length(r.email)) <= 3 then levenshtein(l.email_letters, r.email_letters) <= 3 else false end then 2
                when email_alike >= 0.8 or l.email_domain = r.email_domain then 1
                else 0
            end::tinyint,
            'phone': case
                when l.phone is null or r.phone is null then null
                when l.phone = r.phone then 3
                when l.phone[-8:] = r.phone[-8:] then 2
                when case when l.phone[-5:] = r.phone[-5:] or l.phone[:7] = r.phone[:7] then levenshtein(l.phone, r.phone) <= 1 else false end then 1
                else 0
            end::tinyint,
            'user_id': if(l.user_id is null or r.user_id is null, null, (l.user_id = r.user_id)::integer)::tinyint,
            -- where somebody lives is said once, however many columns say it
            'place': case
                when coalesce(town_alike, if(l.postcode is null or r.postcode is null, null, 1)) is null then if(l.state = r.state, 1, null)
                when l.postcode = r.postcode then if(l.town = r.town, 5, 4)
                when l.town = r.town then 3
                when town_alike >= 0.88 or l.district = r.district then 2
                when case when l.town is not null and r.town is not null then levenshtein(l.town, r.town) <= 1 or levenshtein(l.town_letters, r.town_letters) <= 1 else false end then 2
                when case when l.postcode[:2] = r.postcode[:2] or l.postcode[-2:] = r.postcode[-2:] then levenshtein(l.postcode, r.postcode) <= 1 else false end then 2
                when l.postcode[:2] = r.postcode[:2] or l.state = r.state or town_alike >= 0.8 then 1
                else 0
            end::tinyint,
            'home': case
                when street_alike is null and (l.address_2 is null or r.address_2 is null) then null
                when l.street = r.street and l.street_number = r.street_number or l.street = r.street and l.address_2 = r.address_2 or l.street_number = r.street_number and l.address_2 = r.address_2 then 4
                when l.street = r.street or l.address_2 = r.address_2 then 3
                when street_alike >= 0.9 or is_like(l.address_2, r.address_2, 0.9) then 2
                when l.street_number = r.street_number or street_alike >= 0.8 then 1
                else 0
            end::tinyint,
            'gender': text_level(l.gender, r.gender)::tinyint // 2,
            'occupation': text_level(l.occupation, r.occupation)::tinyint,
            'birth_place': text_level(l.birth_place, r.birth_place)::tinyint,
            'others': others,
        } as levels,
    from sides
)
select
    * exclude (levels),
    unnest(levels),
    -- pairs of one pattern have the same level in every field
    hash(levels) as pattern,
    -- the address rule: who has mailbox or number in common, and who has another one
    coalesce(levels.email >= 4, false) or coalesce(levels.phone >= 2, false) as has_same_address,
    coalesce(levels.email <= 1, false) or coalesce(levels.phone = 0, false) as has_own_address,
from levels
