-- The match weight of every compared pair in bits: 0 is as likely as not, 5.6 is 98 in 100. What a whole household has in common counts only as far as it tells its members apart.
-- one row per left_id, right_id
with
options as (
    select
        max(value::double) filter (name = 'shared_key_limit') as shared_key_limit,
        max(if(name = 'doubt_from', log2(value::double / (1 - value::double)), null)) as most_in_doubt,
        max(if(name = 'ask_from', log2(value::double / (1 - value::double)), null)) as least_asked,
    from settings.match_options
),
prior as (
    select any_value(log2(match_share)) as bits, any_value(log2(household_share)) as kin_bits
    from matching.weights
),
habits as (
    select
        bool_or(is_habit) filter (name = 'different given names') as are_names_careless,
        bool_or(is_habit) filter (name = 'different birth dates') as are_dates_careless,
        bool_or(is_habit) filter (name = 'namesakes on one mailbox') as have_mailbox_namesakes,
        bool_or(is_habit) filter (name = 'namesakes on one number') as have_phone_namesakes,
    from matching.habits
),
pattern_weights as (
    select
        pattern,
        sum(match_weight) as bits,
        sum(household_weight) as kin_bits,
        -- without names, home and user id: what tells two namesakes at one place apart
        coalesce(sum(match_weight) filter (field not in ('name_order', 'given_name', 'surname')), 0) as other_bits,
    from matching.patterns
    inner join matching.weights
        using (field, level)
    group by pattern
),
-- the term frequencies count where both have the value
rare as (
    select
        pairs.left_id,
        pairs.right_id,
        if(pairs.given_name = 7, l.given_name, 0) as given_name,
        if(pairs.surname = 6, l.surname, 0) as surname,
        if(pairs.birth_date = 7, l.birth_date, 0) as birth_date,
        case when pairs.place = 3 then l.town when pairs.place >= 4 then l.postcode else 0 end as place,
        if(pairs.birth_place = 2, l.birth_place, 0) as birth_place,
        if(pairs.occupation = 2, l.occupation, 0) as occupation,
    from matching.comparisons as pairs
    inner join matching.term_frequencies as l
        on l.id = pairs.left_id
    where pairs.is_candidate
),
weighed as (
    select
        pairs.*,
        l.email_others,
        l.phone_others,
        l.is_mailbox_of_one,
        pattern_weights.bits + prior.bits + rare.given_name + rare.surname + rare.birth_date + rare.place + rare.birth_place + rare.occupation as same_bits,
        -- what a whole household has in common
        pattern_weights.kin_bits + prior.kin_bits + rare.surname + rare.birth_date + rare.place + rare.birth_place as kin_bits,
        pattern_weights.other_bits + rare.birth_date + rare.place + rare.birth_place + rare.occupation as other_bits,
    from matching.comparisons as pairs
    inner join rare
        using (left_id, right_id)
    inner join matching.features as l
        on l.id = pairs.left_id
    inner join pattern_weights
        using (pattern)
    cross join prior
),
judged as (
    select
        *,
        same_bits - log2(1 + pow(2, kin_bits)) as weight,
        -- Marie and Mary, Erik and Eric: each of them a name of its own, with a mailbox or number of their own
        coalesce(has_other_user_id and are_known_given and has_other_first and given_name between 1 and 6, false)
        and coalesce(email < 3, phone < 2, false)
        and coalesce(email < 3, true)
        and coalesce(phone < 2, true)
        and coalesce(home < 3, true) as is_merely_alike,
        -- what one birth date and one home have in common is one person or twins: one person where names are typed carelessly;
        -- and with one mailbox, where one name is no name but has the letters of the other
        birth_date = 7 and (
            email >= 3 and is_garbled_given
            or home >= 2 and coalesce(email > 1, true) and coalesce(phone > 0, true) and are_names_careless
        ) as is_one_but_for_name,
    from weighed
    cross join habits
),
contradicted as (
    select
        *,
        coalesce(has_other_number, false)
        or coalesce(has_other_generation, false)
        or coalesce(given_name <= 1, false) and not coalesce(is_one_but_for_name, false)
        -- who married kept given name, and birth date or address
        or coalesce(surname <= 1, false) and not coalesce(given_name >= 5 and (birth_date = 7 or email >= 3 or phone >= 2 and coalesce(email > 1, true)), false) and not coalesce(is_one_but_for_name, false)
            as names_contradict,
        -- another generation; brothers of one initial; or a slip of the pen that has more than itself against it: an address or number of one's own
        coalesce(
            (birth_date = 0 or is_generation_apart or birth_date <= 3 and given_name = 4 and not has_own_address) and not are_dates_careless
            or birth_date < 7 and has_own_address and not has_same_address and not (birth_date = 6 and has_same_birth_year and coalesce(home >= 3, false)),
            false
        ) as birth_dates_contradict,
    from judged
),
-- why a person has to look, whatever the weights say
doubted as (
    select
        *,
        case
            when names_contradict then 'names contradict'
            when birth_dates_contradict then 'birth dates contradict'
            when has_half_generation and birth_date is distinct from 7 then 'junior or senior'
            when surname <= 1 and birth_date is distinct from 7 and (phone = 0 or place = 0) then 'another surname'
            when is_merely_alike then 'given names only alike'
            when given_name < 7 and gender = 0 then 'given names and genders differ'
            -- a namesake, a twin, a son in his father's house: only one and the same name, birth date and home outweigh it
            when email <= 1 and phone = 0 and not coalesce(birth_date = 7 and given_name >= 6 and surname >= 3 and home >= 3, false) then 'another mailbox and another phone'
            when has_own_address and not has_same_address and coalesce(birth_date < 5, true) and coalesce(home < 3, true) and weight < 6
                then 'another mailbox or phone'
            -- who has number and mailbox in common, and the whole name, is no parent with a child
            when coalesce(have_mailbox_namesakes and email >= 4 or have_phone_namesakes and phone >= 2, false)
                and coalesce(birth_date < 5, true)
                and not coalesce(are_full_names and phone >= 2 and coalesce(email >= 4, true), false)
                and (given_name is not null or surname is not null)
                then 'perhaps namesakes at one address'
            when other_bits < 2 then 'little but the name'
            when given_name is null and surname is null and coalesce(email < 3, true) and coalesce(phone < 1, true) and weight < 6 then 'no name to compare'
        end as doubt,
    from contradicted
)
select
    left_id,
    right_id,
    round(
        case
            -- Till 01 and Till 02 are not worth a question
            when has_other_number then least(weight, -5)
            -- whoever shares a mailbox and is not plainly somebody else is asked about
            when email >= 4 and email_others < shared_key_limit and not names_contradict and weight < least_asked then least_asked
            when doubt is null then weight
            else least(weight, most_in_doubt)
        end, 3
    )::decimal(9, 3) as bits,
    round(weight, 3)::decimal(9, 3) as weight,
    doubt,
    -- the same address and one and the same name needs no weighing
    case
        when doubt in ('names contradict', 'birth dates contradict', 'junior or senior', 'given names and genders differ', 'perhaps namesakes at one address')
            then null
        when email = 5 and email_others < shared_key_limit and given_name >= 5 and surname >= 3 then 'same e-mail'
        -- a profile without a name joins the one person whose mailbox it has
        when email = 5 and email_others < shared_key_limit and is_mailbox_of_one and (given_name is null or surname is null) then 'same e-mail'
        when email = 4 and given_name >= 5 and surname >= 5 then 'same mailbox and name'
        when phone = 3 and phone_others < shared_key_limit and given_name >= 6 and surname = 6 then 'same phone and name'
    end as exact_key,
    -- half a name, a name badly typed, or one that nobody else has, may be a slip; otherwise nothing else can outvote the names
    names_contradict and (
        has_other_number is true
        or has_other_generation is true
        or are_known_given and given_name <= 1 and not is_garbled_given
        or are_full_names and not (coalesce(given_name > 1 or is_garbled_given, true) and coalesce(surname > 1 or is_garbled_surname, true))
    ) as is_apart,
    -- a profile without a birth date is like parent and child, and cannot make them one either
    coalesce(birth_date <= 2 and is_generation_apart and not are_dates_careless, false) as is_other_generation,
from doubted
cross join options
