-- Everything that must be rebuilt or dropped, one line each, to be ticked off: what is in use comes first.
-- one row per kind, item
with

listed as (
    select
        'campaign' as kind,
        campaign_id as item,
        coalesce(title, campaign_id) as name,
        concat_ws(', ', channels, 'starts by: ' || trigger, 'to: ' || audience) as what,
        active,
        sent_90 as used,
        case
            when sent_90 > 0 then 'in use: ' || format('{:,}', sent_90) || ' messages in the last 90 days'
            when active then 'switched on, but nothing was sent in the last 90 days'
            else 'switched off'
        end as in_use,
    from reports.campaign_inventory
    union all
    select
        'segment',
        kind || ':' || segment_id,
        coalesce(title, segment_id),
        coalesce(in_words, 'a list without a rule'),
        active,
        contacts,
        case when contacts > 0 then format('{:,}', contacts) || ' contacts are in it' else 'nobody is in it' end,
    from reports.segment_rules
    union all
    select
        'loyalty rule',
        rule_key,
        coalesce(name, rule_id),
        in_words,
        enabled,
        case when enabled then 1 else 0 end,
        case when enabled then 'switched on' else 'switched off' end,
    from reports.gamification
    union all
    select
        'place',
        kind || ':' || location_id,
        coalesce(title, location_id),
        concat_ws(', ', address, problem),
        enabled,
        case when enabled then 1 else 0 end,
        case when enabled then 'switched on' else 'switched off' end,
    from reports.geofences
)

select
    kind,
    name,
    what,
    in_use,
    null::varchar as owner,
    null::varchar as keep_or_drop,
    null::varchar as done,
    item,
from listed
order by case kind when 'campaign' then 1 when 'segment' then 2 when 'loyalty rule' then 3 else 4 end, used desc, name, item
