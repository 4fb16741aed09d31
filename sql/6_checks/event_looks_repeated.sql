-- Events with different ids but the same person, name, time and value may be one event sent twice.
-- severity: note
-- fix: nothing to do if they really happened twice within a second
select
    'events' as entity,
    min(record_key) as key,
    event_name as field,
    count(*)::varchar as value,
    count(*) || ' events with different ids and the same content at ' || strftime(happened_at, '%Y-%m-%d %H:%M:%S') as reason,
    null as suggestion,
from engagement.event_facts
where standing = 'carried'
group by person_key, event_name, happened_at, value
having count(*) > 1
