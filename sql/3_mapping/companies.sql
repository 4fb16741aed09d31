-- The companies there are, from company files and from what people say, one line per name.
-- one row per account_key
with

from_files as (
    select lower(name) as name_key, *
    from staging.companies
    where fate = 'kept' and name is not null
),

from_people as (
    select
        lower(regexp_replace(trim(golden.company_name), '\s+', ' ', 'g')) as name_key,
        regexp_replace(trim(golden.company_name), '\s+', ' ', 'g') as name,
        golden.person_key,
        standard.company_website,
        standard.company_phone,
        standard.company_city,
        standard.company_country,
        standard.account_fields,
    from matching.golden as golden
    left join mapping.standard_fields as standard on standard.person_key = golden.person_key
    where not golden.is_anonymous
      and trim(golden.company_name) <> ''
),

former_names as (
    select lower(former.name) as said, min(from_files.name_key) as name_key
    from staging.companies as former
    inner join from_files on from_files.company_key = former.company_key
    where former.fate = 'repeated'
      and former.name is not null
      and lower(former.name) not in (select name_key from from_files)
    group by lower(former.name)
    having count(distinct from_files.name_key) = 1
),

-- A person may name their company by the key it has in the company file, or by a name it had there before.
by_key as (
    select lower(given_key) as given_key, min(name_key) as name_key
    from from_files
    where given_key is not null
    group by all
    union all
    select said, name_key from former_names
    where said not in (select lower(given_key) from from_files where given_key is not null)
),

named_by_people as (
    select from_people.* replace (coalesce(by_key.name_key, from_people.name_key) as name_key),
        by_key.given_key is not null as is_named_by_key,
    from from_people
    left join by_key on by_key.given_key = from_people.name_key
),

file_facts as (
    select
        name_key,
        min(company_key) as company_key,
        min_by(name, company_key) as name,
        min_by(coalesce(website, domain), company_key) as website,
        min_by(phone, company_key) as phone,
        min_by(address, company_key) as address,
        min_by(city, company_key) as city,
        min_by(country_raw, company_key) as country,
        count(*) as file_records,
    from from_files
    group by name_key
),

people_facts as (
    select
        name_key,
        mode(name order by name) filter (where not is_named_by_key) as name,
        mode(company_website order by company_website) as website,
        mode(company_phone order by company_phone) as phone,
        mode(company_city order by company_city) as city,
        mode(company_country order by company_country) as country,
        count(*) as people,
    from named_by_people
    group by name_key
),

-- What people say of the fields of the list: what most of those of one company say.
said as (
    select name_key, field, mode(value order by value) as value
    from (
        select name_key, unnest(map_keys(fields_of(account_fields))) as field, unnest(map_values(fields_of(account_fields))) as value
        from named_by_people
        where account_fields <> '{}'
    )
    group by all
),

listed as (
    select name_key, fields_as_text(list(struct_pack(key := field, value := value) order by field)) as account_fields
    from said
    group by name_key
),

also_said as (
    select name_key, list(given_key order by given_key) as also_said
    from by_key
    group by name_key
),

together as (
    select
        coalesce(file_facts.company_key, 'name:' || people_facts.name_key) as account_key,
        coalesce(file_facts.name_key, people_facts.name_key) as name_key,
        coalesce(file_facts.name, people_facts.name) as name,
        coalesce(file_facts.website, people_facts.website) as website_raw,
        coalesce(file_facts.phone, people_facts.phone) as phone,
        file_facts.address as address,
        coalesce(file_facts.city, people_facts.city) as city,
        coalesce(file_facts.country, people_facts.country) as country_raw,
        coalesce(file_facts.file_records, 0) as file_records,
        coalesce(people_facts.people, 0) as people,
        coalesce(also_said.also_said, []) as also_said,
        listed.account_fields,
    from file_facts
    full join people_facts on people_facts.name_key = file_facts.name_key
    left join listed on listed.name_key = people_facts.name_key
    left join also_said on also_said.name_key = file_facts.name_key
)

select * from together
