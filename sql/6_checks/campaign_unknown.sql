-- Messages of a campaign that is not in the export.
-- severity: note
-- fix: export the campaign too
select
    'campaign_interactions' as entity,
    coalesce(campaign_id, '(none)') as key,
    'campaign_id' as field,
    count(*)::varchar as value,
    count(*) || ' messages of a campaign that was not exported' as reason,
    null as suggestion,
from engagement.interaction_facts
where not is_campaign_known
group by campaign_id
