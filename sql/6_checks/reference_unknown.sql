-- Values that should be the id of a store, a campaign or a segment, and the export has none of that id: they are sent as they are.
-- severity: note
-- fix: export what they refer to as well, or correct the values
select
    'user_profiles' as entity,
    attribute as key,
    attribute as field,
    array_to_string(list(value order by people desc, value)[1:5], ', ') as value,
    count(*) || if(count(*) = 1, ' value is', ' values are') || ' no id of the ' || case refers_to when 'geofences' then 'places' else refers_to end || ' in this export, held by '
        || sum(people)::bigint || if(sum(people) = 1, ' person', ' people') as reason,
    null as suggestion,
from mapping."references"
where text is null
group by attribute, refers_to
