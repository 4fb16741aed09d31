-- Every consent record as it landed, with all addresses it writes: a number may stand beside the e-mail address.
-- one row per record_key
-- view
with

-- Columns that ferry does not know and that hold an address by their name.
names as (
    select coalesce(list(written_name order by written_name), []) as address_names
    from (select distinct unnest(json_keys(_extra)) as written_name from landed.consents)
    where regexp_full_match(
        regexp_replace(lower(written_name), '[^\p{L}\p{N}]', '', 'g'),
        '(subscriber|contact|customer|user)?(email|emailaddress|mail|mailaddress|mobile|mobilenumber|mobilephone|phone|phonenumber|msisdn|tel|telephone|telephonenumber|cell|cellphone|whatsapp|whatsappnumber)[0-9]?'
    )
),

beside as (
    select
        rows.*,
        list_filter(list_transform(names.address_names, lambda name: trim(json_extract_string(_extra, place_of(name)))), lambda cell: contains(cell, '@') or length(digits_of(cell)) >= 5) as addresses,
    from landed.consents as rows
    cross join names
),

joined as (
    select
        _file || ':' || _record as record_key,
        beside.* exclude (addresses) replace (
            if(addresses = [], address, array_to_string(list_filter(list_prepend(trim(address), addresses), lambda cell: cell <> ''), ' ; ')) as address
        ),
    from beside
)

select * from joined
