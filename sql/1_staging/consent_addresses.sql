-- Every address that a consent record writes, in whatever stands around it: a link, a formula, a list of two, the column of an id.
-- one row per address, part
with

-- An address may sit in the column of an id.
cells as (
    select trim(address) as address from staging.consent_rows where trim(address) <> ''
    union
    select trim(id) as address
    from (select unnest([profile_id, user_id]) as id from landed.consents)
    where regexp_matches(id, '@|＠|%40') or regexp_full_match(trim(id), '([+]|00)[0-9][0-9 ().-]{8,}')
),

-- Full-width signs and percent codes are plain, what does not show is gone.
plain as (
    select
        address,
        regexp_replace(
            url_decode(replace(translate(address, '０１２３４５６７８９＠．＋－', '0123456789@.+-'), '+', '%2B')),
            '\p{Cf}', '', 'g'
        ) as text,
    from cells
),

emails as (
    select address, address as part from plain where contains(text, '@')
    union all
    select
        address,
        rtrim(unnest(regexp_extract_all(text, '[^\s<>()\[\]{}"'',;:|=?&/\\@][^\s<>()\[\]{}",;:|=?&/\\@]*@[^\s<>()\[\]{}"'',;:|=?&/\\@]+')), '.') as part,
    from plain
    where contains(text, '@')
),

-- 353871234567@c.us is how WhatsApp writes a number; a number may stand beside a mailbox
numbers as (
    select address, address as part from plain where not contains(text, '@')
    union all
    select address, '+' || regexp_extract(text, '^([0-9]{8,15})@(c[.]us|s[.]whatsapp[.]net)$', 1) as part from plain where contains(text, '@')
    union all
    select address, trim(unnest(regexp_extract_all(regexp_replace(text, '[^\s<>;|]*@[^\s<>;|]*', ' ; ', 'g'), '[+]?[0-9][0-9 ().\x{a0}-]{5,}[0-9]'))) as part
    from plain
),

together as (
    select distinct address, part, true as is_email from emails
    union
    select distinct address, part, false as is_email from numbers where part <> '+'
)

select address, part, is_email from together
