-- Pairs of profiles worth comparing: those that share two keys, or one that few others share, and are not plainly two people; and the
-- two ends of whatever could bridge them.
-- one row per left_id, right_id
with
options as (
    select greatest(4, max(value::bigint) * 2 // 5 // (select greatest(count(*), 1) from matching.features)) as few
    from settings.match_options
    where name = 'block_budget'
),
shared as (
    select left_id, right_id
    from (
        select l.id as left_id, r.id as right_id, count(*) as keys, min(l.profiles) as rarest
        from matching.blocks as l
        inner join matching.blocks as r
            on r.block = l.block
            and r.id > l.id
        group by l.id, r.id
    )
    cross join options
    where keys > 1 or rarest <= few
),
-- Most of them are soon told apart: of given name, surname and birth date at most one may be plainly another where no address is
-- the same or nearly so. Everything else about them need not be looked at. What is cheap to ask, and says yes, comes first
alike as (
    select shared.left_id, shared.right_id
    from shared
    inner join matching.features as l
        on l.id = shared.left_id
    inner join matching.features as r
        on r.id = shared.right_id
    where case
        when l.phone_end = r.phone_end or l.mailbox = r.mailbox or l.street = r.street or l.email_letters = r.email_letters then true
        when l.full_name is not null or r.full_name is not null or l.address_2 = r.address_2 then true
        when l.given_name = r.given_name and l.surname = r.surname then true
        when are_born_apart(l.birth_date, r.birth_date, l.birth_day, r.birth_day, l.birth_month_day, r.birth_month_day) then
            case
                when are_names_alike(l.given_name, r.given_name, l.given_letters, r.given_letters, l.given_forms, r.given_forms)
                    then are_names_alike(l.surname, r.surname, l.surname_letters, r.surname_letters, null, null)
                else false
            end
        when l.given_name = r.given_name or l.surname = r.surname then true
        when are_names_alike(l.given_name, r.given_name, l.given_letters, r.given_letters, l.given_forms, r.given_forms) then true
        else are_names_alike(l.surname, r.surname, l.surname_letters, r.surname_letters, null, null)
    end
    or are_names_crossed(l.given_name, l.surname, r.given_name, r.surname)
    or is_like(l.email_local, r.email_local, 0.85)
    or is_like(l.street, r.street, 0.9)
),
-- who has one mailbox with one and one telephone with another stands between the two
neighbours as (
    select l.id, r.id as other_id
    from matching.features as l
    inner join matching.features as r
        on r.mailbox = l.mailbox
        and r.id <> l.id
    where l.email_others < 10
    union
    select l.id, r.id as other_id
    from matching.features as l
    inner join matching.features as r
        on r.phone = l.phone
        and r.id <> l.id
    where l.phone_others < 10
),
bridged as (
    select l.other_id as left_id, r.other_id as right_id
    from neighbours as l
    inner join neighbours as r
        on r.id = l.id
        and r.other_id > l.other_id
)
select left_id, right_id
from alike
union
select left_id, right_id
from bridged
union
select left_id, right_id
from matching.everybody
