-- People whom the source calls deleted, erased, deceased or merged in every profile; settings leave them out.
-- one row per person_key
select
    people.person_key,
    string_agg(distinct profiles.gone_as, ', ' order by profiles.gone_as) as gone_as,
from matching.people as people
inner join staging.profiles as profiles on profiles.profile_key = people.profile_key
where (select profiles_gone from staging.typed_options) = 'leave_out'
  and people.decided_by not in ('anonymous', 'deleted')
group by people.person_key
having bool_and(profiles.gone_as is not null)
