-- Which activity each campaign of a person goes into, as the activity setting says.
-- one row per person_key, campaign_id
-- parts: by person_key
with

switches as (
    select
        (select activity_campaigns from staging.typed_options) as carried_how,
        (select activity_latest_n from staging.typed_options) as latest_n,
),

ranked as (
    select
        campaigns.person_key,
        campaigns.campaign_id,
        campaigns.happened_at,
        switches.*,
        row_number() over (
            partition by campaigns.person_key
            order by campaigns.happened_at desc, campaigns.campaign_id
        ) as recency,
    from engagement.contact_campaigns as campaigns
    cross join switches
),

chosen as (
    select
        person_key,
        campaign_id,
        case carried_how
            when 'each' then 'campaign:' || person_key || ':' || campaign_id
            when 'latest' then case when recency <= latest_n then 'campaign:' || person_key || ':' || campaign_id end
            when 'daily' then 'campaigns:' || person_key || ':' || strftime(source_day(happened_at), '%Y-%m-%d')
            when 'weekly' then 'campaigns:' || person_key || ':' || strftime(date_trunc('week', source_day(happened_at)), '%Y-%m-%d')
        end as activity_key,
        carried_how in ('daily', 'weekly') as is_rolled_up,
        case
            when carried_how = 'latest' and recency > latest_n then 'not among the newest of the person'
            when carried_how in ('daily', 'weekly') then 'counted in a ' || carried_how || ' summary'
        end as reason,
    from ranked
)

select * from chosen
