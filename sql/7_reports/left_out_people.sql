-- Who stays behind because somebody decided so or the source says they are gone: deleted, erased, or merged away there.
-- one row per profile_key
select
    profiles.profile_key,
    who.who_is_it,
    case
        when people.decided_by = 'deleted' then 'left out by your decision'
        else 'the source calls this profile ' || profiles.gone_as
    end as reason,
    answers.who as decided_by,
    answers.decided_at,
from staging.profiles as profiles
inner join matching.people as people on people.profile_key = profiles.profile_key
left join reports.who as who on who.key = profiles.profile_key
left join freshsales.contact_members as members on members.profile_key = profiles.profile_key
left join (
    select key, max_by(who, decided_at) as who, max(try_cast(decided_at as timestamptz)) as decided_at
    from settings.decisions
    where decision = 'delete'
    group by key
) as answers on answers.key = people.person_key or answers.key = profiles.profile_key
where people.decided_by = 'deleted'
   or profiles.gone_as is not null and members.profile_key is null
qualify row_number() over (partition by profiles.profile_key order by answers.decided_at desc nulls last) = 1
order by reason, who_is_it, profiles.profile_key
