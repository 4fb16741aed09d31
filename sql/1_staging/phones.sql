-- Every telephone number as it was written, and what it is; the one place where clean_phone is called.
-- one row per phone_raw, region
with
written as (
    select mobile_raw as phone_raw, region
    from staging.profile_records
    union all
    select whatsapp_raw as phone_raw, region
    from staging.profile_records
),
distinct_numbers as (
    select distinct phone_raw, coalesce(region, 'ZZ') as region
    from written
    where phone_raw is not null
),
found as materialized (
    select phone_raw, region, clean_phone(phone_raw, region) as phone
    from distinct_numbers
)
select
    phone_raw,
    region,
    phone.number as mobile_number,
    phone.kind as kind,
    phone.region as number_region,
    phone.extension as extension,
    phone.others as other_numbers,
    phone.reason as reason,
from found
