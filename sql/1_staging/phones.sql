-- Every telephone number as it was written, and what it is; the one place where clean_phone is called.
-- one row per phone_raw, region
with
of_profiles as (
    select mobile_raw as phone_raw, region
    from staging.profile_records
    union all
    select whatsapp_raw as phone_raw, region
    from staging.profile_records
    union all
    select unnest(other_phones_raw) as phone_raw, region
    from staging.profile_records
),
-- a number in a column of its own, such as work_phone
of_attributes as (
    select attributes.value as phone_raw, records.region
    from staging.attributes as attributes
    inner join (
        select known.attribute
        from (
            select attribute, entity, field as name from settings.standard_attributes
            union all
            select field as attribute, entity, field as name from settings.standard_fields
            union all
            select attribute, coalesce(entity, 'contacts') as entity, name from settings.field_map
        ) as known
        inner join settings.standard_fields as fields
            on fields.entity = known.entity and fields.field = known.name and fields.cleaner = 'phone'
        group by all
    ) as telephones on telephones.attribute = attributes.name
    inner join staging.profile_records as records
        on records.profile_key = attributes.profile_key and records.fate = 'kept'
    where attributes.value is not null
),
-- a number of a consent record is read where the profiles live whose numbers end like it
of_consents as (
    select distinct part as phone_raw, right(digits_of(part), 7) as ending
    from staging.consent_addresses
    where not is_email
),
endings as (
    select distinct right(digits_of(phone_raw), 7) as ending, region
    from of_profiles
    where phone_raw is not null
),
written as (
    select * from of_profiles
    union all
    select * from of_attributes
    union all
    select phone_raw, (select phone_default_region from staging.typed_options) as region
    from of_consents
    where ending <> ''
    union all
    select of_consents.phone_raw, endings.region
    from of_consents
    inner join endings on endings.ending = of_consents.ending
    where of_consents.ending <> ''
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
