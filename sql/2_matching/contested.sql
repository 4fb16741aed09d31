-- Links of a profile that could as well belong to somebody else, where the two contradict each other: a nameless mailbox of a couple,
-- "J. Smith" between John and Joan, a namesake without birth date between father and son, one's mailbox with the other's telephone.
-- Such a profile joins nobody unasked, but for its like. The rival is the match weight of the strongest link that contradicts this one.
-- one row per left_id, right_id
with
options as (
    select
        max(log2(value::double / (1 - value::double))) filter (name = 'ask_from') as ask_from,
        max(log2(value::double / (1 - value::double))) filter (name = 'merge_from') as margin,
    from settings.match_options
    where name in ('ask_from', 'merge_from')
),
pulling as (
    select
        scores.left_id,
        scores.right_id,
        scores.weight,
        coalesce(pairs.email >= 4, false) as has_its_mailbox,
        coalesce(pairs.phone >= 2, false) as has_its_phone,
    from matching.scores as scores
    inner join matching.comparisons as pairs
        on pairs.left_id = scores.left_id
        and pairs.right_id = scores.right_id
    cross join options
    where coalesce(scores.doubt, '') not in ('names contradict', 'birth dates contradict')
        and (
            scores.bits >= ask_from
            or scores.exact_key is not null
            or pairs.given_name is null and pairs.surname is null and (pairs.email >= 4 or pairs.phone >= 2)
        )
),
ends as (
    select left_id as id, right_id as other_id, * exclude (left_id, right_id) from pulling
    union all
    select right_id as id, left_id as other_id, * exclude (left_id, right_id) from pulling
),
-- two people: parent and child, two given names, or a contradiction that all the rest together does not outweigh.
-- Where names are typed carelessly a contradiction is evidence like any other
opposed as (
    select scores.left_id, scores.right_id
    from matching.scores as scores
    inner join matching.comparisons as pairs
        on pairs.left_id = scores.left_id
        and pairs.right_id = scores.right_id
    cross join options
    where scores.is_other_generation
        or (scores.weight < margin or pairs.are_known_given and pairs.given_name <= 1 and not pairs.is_garbled_given) and (
            scores.is_apart and not (select bool_or(is_habit) from matching.habits where name = 'different given names')
            or scores.doubt = 'birth dates contradict'
        )
        -- a name may be badly typed, but hardly with a birth date of somebody else
        or scores.doubt = 'names contradict' and scores.weight < 0 and pairs.birth_date = 0
),
pulled as (
    select
        one.id,
        one.other_id,
        abs(other.weight - one.weight) < margin or other.weight > one.weight as is_outweighed,
        other.has_its_mailbox and not one.has_its_mailbox and one.has_its_phone
        or other.has_its_phone and not one.has_its_phone and one.has_its_mailbox as is_divided,
        greatest(one.weight, other.weight) as up_to,
        other.weight as rival,
    from ends as one
    inner join ends as other
        on other.id = one.id
        and other.other_id <> one.other_id
    inner join opposed
        on opposed.left_id = least(one.other_id, other.other_id)
        and opposed.right_id = greatest(one.other_id, other.other_id)
    cross join options
),
-- who has the mailbox of one and the telephone of the other could bring both to whomever he joins, but for his like
divided as (
    select id, max(up_to) as up_to
    from pulled
    where is_divided
    group by id
),
-- the other end pulls hardly less, or harder
contests as (
    select least(id, other_id) as left_id, greatest(id, other_id) as right_id, rival
    from pulled
    where is_outweighed
    union all
    select pulling.left_id, pulling.right_id, coalesce(l.up_to, r.up_to) as rival
    from pulling
    left join divided as l
        on l.id = pulling.left_id
    left join divided as r
        on r.id = pulling.right_id
    where (l.id is null) <> (r.id is null)
        and pulling.weight <= coalesce(l.up_to, r.up_to)
)
select left_id, right_id, max(rival) as rival
from contests
group by left_id, right_id
