-- Activity without a readable time, or dated in the future, stays behind.
-- severity: note
-- fix: correct the time in Xtremepush and export again; activity dated in the future can be kept on request
-- engineer: to keep activity dated in the future: set activity.future to keep in ferry.yaml, then ferry transform
select
    'events' as entity,
    record_key as key,
    'time' as field,
    strftime(happened_at, '%Y-%m-%d %H:%M:%S') as value,
    reason,
    null as suggestion,
from engagement.event_facts
where standing = 'excluded'
  and reason in ('the event has no readable time', 'its time lies in the future')
union all
select
    'campaign_interactions' as entity,
    record_key as key,
    'time' as field,
    strftime(happened_at, '%Y-%m-%d %H:%M:%S') as value,
    reason,
    null as suggestion,
from engagement.interaction_facts
where standing = 'excluded'
  and reason in ('the message has no readable time', 'its time lies in the future')
