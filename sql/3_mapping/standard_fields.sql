-- Attribute values that belong into fields every Freshsales account has, one line per person.
-- one row per person_key
with

fields as (
    select person_key, entity, name, value, (confidence, attribute) as rank
    from mapping.person_fields
    where value is not null and trim(value) <> ''
      and (name not like 'cf\_%' escape '\' or name in ('cf_points_balance', 'cf_loyalty_tier', 'cf_achievement_count'))
),

spread as (
    select
        person_key,

        max_by(value, rank) filter (where entity = 'contacts' and name = 'first_name') as first_name,
        max_by(value, rank) filter (where entity = 'contacts' and name = 'last_name') as last_name,
        max_by(value, rank) filter (where entity = 'contacts' and name = 'mobile_number') as mobile_number,
        max_by(value, rank) filter (where entity = 'contacts' and name = 'job_title') as job_title,
        -- an address has several lines, the surest first
        string_agg(distinct value, ', ' order by value) filter (where entity = 'contacts' and name = 'address') as address,
        max_by(value, rank) filter (where entity = 'contacts' and name = 'city') as city,
        max_by(value, rank) filter (where entity = 'contacts' and name = 'state') as state,
        max_by(value, rank) filter (where entity = 'contacts' and name = 'zipcode') as zipcode,
        max_by(value, rank) filter (where entity = 'contacts' and name = 'work_number') as work_number,
        max_by(value, rank) filter (where entity = 'contacts' and name = 'facebook') as facebook,
        max_by(value, rank) filter (where entity = 'contacts' and name = 'twitter') as twitter,
        max_by(value, rank) filter (where entity = 'contacts' and name = 'linkedin') as linkedin,
        max_by(value, rank) filter (where entity = 'contacts' and name = 'medium') as medium,
        max_by(value, rank) filter (where entity = 'contacts' and name = 'keyword') as keyword,
        max_by(value, rank) filter (where entity = 'contacts' and name = 'owner_email') as owner_text,

        max_by(value, rank) filter (where name = 'cf_points_balance') as points_balance,
        max_by(value, rank) filter (where name = 'cf_loyalty_tier') as loyalty_tier,
        max_by(value, rank) filter (where name = 'cf_achievement_count') as achievement_count,

        max_by(value, rank) filter (where entity = 'accounts' and name = 'website') as company_website,
        max_by(value, rank) filter (where entity = 'accounts' and name = 'phone') as company_phone,
        max_by(value, rank) filter (where entity = 'accounts' and name = 'city') as company_city,
        max_by(value, rank) filter (where entity = 'accounts' and name = 'country') as company_country,
    from fields
    group by person_key
)

select * from spread
