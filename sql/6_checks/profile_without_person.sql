-- Every profile must belong to exactly one person.
-- severity: stop
-- fix: nothing you can do: this is a fault of the migration, and your engineer must mend it
-- engineer: this is a fault of the matching rules; run ferry sql test and undo the last change
select
    'user_profiles' as entity,
    profiles.profile_key as key,
    null as field,
    null as value,
    count(people.person_key) || ' persons claim this profile' as reason,
    null as suggestion,
from staging.profiles as profiles
left join matching.people as people on people.profile_key = profiles.profile_key
group by profiles.profile_key
having count(people.person_key) <> 1
