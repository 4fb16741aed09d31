-- Once a load is planned: every record that is not in Freshsales, and why; what hangs on a person stands under them.
-- one row per entity, key
with

-- Before there is a plan nothing could have arrived, and nobody wants millions of records listed that wait for it.
ordered as (
    select
        targets.*,
        coalesce(targets.contact_key, targets.key) as parent_key,
        case targets.entity when 'contacts' then 1 when 'accounts' then 2 when 'deals' then 3 else 4 end as place,
    from reports.targets as targets
    where targets.fate in ('held', 'blocked', 'refused', 'pending')
      and exists (select 1 from loaded.plan)
),

-- What was sent and is not there any more when it is read back.
vanished as (
    select distinct entity, key from loaded.readback where class = 'missing'
),

missing as (
    select
        targets.* replace ('missing' as fate, 'it was written, and reading back did not find it' as reason),
        coalesce(targets.contact_key, targets.key) as parent_key,
        case targets.entity when 'contacts' then 1 when 'accounts' then 2 when 'deals' then 3 else 4 end as place,
    from reports.targets as targets
    inner join vanished on vanished.entity = targets.entity and vanished.key = targets.key
    where targets.fate not in ('held', 'blocked', 'refused', 'pending')
),

together as (
    select * from ordered
    union all
    select * from missing
),

-- Who was refused comes first, then who waits; each with what hangs on them.
urgent as (
    select
        parent_key,
        min(case fate when 'missing' then 0 when 'refused' then 1 when 'held' then 2 when 'blocked' then 3 end) as urgency,
    from together
    where fate <> 'pending'
    group by parent_key
),

-- What a rule asks to be done about a record it holds.
fixes as (
    select findings.entity, findings.key, string_agg(distinct rules.fix, '; ' order by rules.fix) as fix
    from checks.findings as findings
    inner join checks.rules as rules on rules.rule = findings.rule
    where findings.is_held
    group by findings.entity, findings.key
)

select
    coalesce(who.who_is_it, together.parent_key) as who_is_it,
    together.entity,
    together.fate as outcome,
    -- what a rule says, without the name of the rule before it
    case
        when together.fate = 'held' then regexp_replace(together.reason, '(^|; )[a-z][a-z0-9]*(_[a-z0-9]+)+: ', '\1', 'g')
        else together.reason
    end as reason,
    case together.fate
        when 'held' then coalesce('answer it in the quality workbook: ' || fixes.fix, 'answer it in the quality workbook')
        when 'blocked' then 'nothing of its own: it goes with its contact'
        when 'refused' then case
            when regexp_matches(lower(together.reason), 'already|taken|duplicate|unique|exist') then 'another record there has this value: find it, and merge or correct one of them'
            when regexp_matches(lower(together.reason), 'invalid|valid|format|too long|blank|required|missing') then 'correct the value in Xtremepush or in the quality workbook; the next load sends it again'
            when regexp_matches(lower(together.reason), 'permission|forbidden|access|denied|allowed') then 'an administrator of Freshsales must allow it; the next load sends it again'
            else 'read the words of Freshsales with an administrator; a changed record is sent again by the next load'
        end
        when 'pending' then 'nothing: the next load sends it'
        when 'missing' then 'ask who deleted it; the next load can make it again'
    end as next_step,
    together.key,
from together
left join reports.who as who on who.key = together.parent_key
left join fixes on fixes.entity = together.entity and fixes.key = together.key
left join urgent on urgent.parent_key = together.parent_key
order by
    coalesce(urgent.urgency, 4),
    together.parent_key,
    together.place,
    together.entity,
    together.key
