-- A message opened or clicked before it was sent keeps its times, and is told.
-- severity: note
-- fix: check the clock of the system that recorded the opens
select
    'campaign_interactions' as entity,
    record_key as key,
    case when opened_at < sent_at then 'opened' else 'clicked' end as field,
    strftime(least(opened_at, clicked_at), '%Y-%m-%d %H:%M:%S') as value,
    'earlier than it was sent, ' || strftime(sent_at, '%Y-%m-%d %H:%M:%S') as reason,
    null as suggestion,
from engagement.interaction_facts
where standing = 'carried'
  and (opened_at < sent_at or clicked_at < sent_at)
