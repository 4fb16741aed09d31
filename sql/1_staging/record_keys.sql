-- The ids of every landed profile row, tidied; a word that is no id, a rounded id or one that people who disagree share is no key.
-- one row per record_key
with

-- Columns that hold the day of birth by their name.
births as (
    select coalesce(list(written_name order by written_name), []) as birth_names
    from (select distinct unnest(json_keys(_extra)) as written_name from landed.user_profiles)
    where lower(trim(regexp_replace(written_name, '[^\p{L}\p{N}]+', '_', 'g'), '_')) in (
        select attribute from settings.matching where compares_as = 'birth_date'
    )
),

written as (
    select
        _file || ':' || _record as record_key,
        tidy_id(profile_id) as profile_id,
        tidy_id(user_id) as user_id,
        if(contains(email, '@') and not is_no_address(email), lower(trim(email)), null) as email,
        if(regexp_matches(mobile_number, '[0-9].*[0-9].*[0-9].*[0-9].*[0-9]') and not is_rounded_id(trim(mobile_number)) and not is_no_number(digits_of(mobile_number)), trim(mobile_number), null) as mobile,
        -- only to see whether people disagree
        nullif(lower(strip_accents(trim(coalesce(nullif(trim(first_name), ''), split_part(full_name, ' ', 1))))), '') as first_name,
        nullif(lower(strip_accents(trim(coalesce(nullif(trim(last_name), ''), regexp_extract(full_name, ' ([^ ]+)$', 1))))), '') as last_name,
        birth_day(list_filter(list_transform(births.birth_names, lambda name: trim(json_extract_string(_extra, place_of(name)))), lambda cell: cell <> '')[1], false, run.today) as born_on,
    from (
        select *, trim(coalesce(full_names[1], full_names[2], full_names[3])) as full_name
        from (select *, json_extract_string(_extra, ['full_name', 'Full Name', 'name']) as full_names from landed.user_profiles)
    )
    cross join births
    cross join (select coalesce(max(try_cast(value as timestamptz)::date), date '2100-01-01') as today from settings.run where name = 'run_at') as run
),

judged as (
    select
        written.*,
        case
            when is_rounded_id(written.profile_id) then 'a spreadsheet rounded it'
            when no_profile.text is not null or is_unfilled_id(written.profile_id) or regexp_full_match(written.profile_id, '0{2,}') then 'this word is no id'
        end as profile_problem,
        case
            when is_rounded_id(written.user_id) then 'a spreadsheet rounded it'
            when no_user.text is not null or is_unfilled_id(written.user_id) or regexp_full_match(written.user_id, '0{2,}') then 'this word is no id'
        end as user_problem,
    from written
    left join settings.no_ids as no_profile on lower(no_profile.text) = lower(written.profile_id)
    left join settings.no_ids as no_user on lower(no_user.text) = lower(written.user_id)
),

-- Whoever shares an id must not be two people: of other names, first and last, and of no common address.
sharers as (
    select 'profile' as kind, profile_id as id, first_name, last_name, email, mobile from judged where profile_id is not null and profile_problem is null
    union all
    select 'user', user_id, first_name, last_name, email, mobile from judged where user_id is not null and user_problem is null
),

doubtful as (
    select kind, id
    from sharers
    group by kind, id
    having min(first_name) <> max(first_name) and min(last_name) <> max(last_name)
),

told_apart as (
    select distinct one.kind, one.id
    from (select distinct * from sharers semi join doubtful using (kind, id)) as one
    inner join (select distinct * from sharers semi join doubtful using (kind, id)) as other
        on other.kind = one.kind
        and other.id = one.id
    where one.first_name <> other.first_name
      and one.last_name <> other.last_name
      and one.first_name <> other.last_name
      and one.last_name <> other.first_name
      and not coalesce(one.email = other.email, false)
      and not coalesce(one.mobile = other.mobile, false)
),

-- Without an id a row is known by its address, unless people of different given names, or of one name who are father and
-- son by their days of birth, share that too.
family as (
    select kind, id
    from (
        select 'email' as kind, email as id, first_name, born_on from judged where email is not null
        union all
        select 'mobile', mobile, first_name, born_on from judged where mobile is not null
    )
    group by kind, id
    having min(first_name) <> max(first_name)
        or date_diff('year', min(born_on) filter (not is_no_birth(born_on)), max(born_on) filter (not is_no_birth(born_on))) >= 13
),

keys as (
    select
        judged.record_key,
        judged.profile_id as profile_id_written,
        judged.user_id as user_id_written,
        coalesce(judged.profile_problem, if(shared_profile.id is not null, 'people of different names share it', null)) as profile_problem,
        coalesce(judged.user_problem, if(shared_user.id is not null, 'people of different names share it', null)) as user_problem,
        judged.email,
        judged.mobile,
        family_email.id is not null as is_family_email,
        family_mobile.id is not null as is_family_mobile,
    from judged
    left join told_apart as shared_profile on shared_profile.kind = 'profile' and shared_profile.id = judged.profile_id
    left join told_apart as shared_user on shared_user.kind = 'user' and shared_user.id = judged.user_id
    left join family as family_email on family_email.kind = 'email' and family_email.id = judged.email
    left join family as family_mobile on family_mobile.kind = 'mobile' and family_mobile.id = judged.mobile
),

usable as (
    select
        *,
        if(profile_problem is null, profile_id_written, null) as own_profile_id,
        if(user_problem is null, user_id_written, null) as user_id,
    from keys
),

-- An id that tells nobody apart does not come back by way of a user id.
links as (
    select user_links.user_id, user_links.profile_id
    from staging.user_links
    anti join told_apart on told_apart.kind = 'profile' and told_apart.id = user_links.profile_id
),

named as (
    select
        usable.record_key,
        coalesce(usable.own_profile_id, linked.profile_id) as profile_id,
        usable.user_id,
        coalesce(
            usable.own_profile_id,
            linked.profile_id,
            'u:' || usable.user_id,
            if(usable.is_family_email, null, 'e:' || usable.email),
            if(usable.is_family_mobile, null, 'm:' || usable.mobile),
            'r:' || usable.record_key
        ) as own_key,
        usable.profile_id_written,
        usable.user_id_written,
        usable.profile_problem,
        usable.user_problem,
    from usable
    left join links as linked on linked.user_id = usable.user_id
)

select * from named
