-- The verdict on the first page of each workbook, and the sentence under it.
-- one row per workbook
with

numbers as (
    select
        (select count(*) from freshsales.contacts) as contacts,
        (select coalesce(sum(held + blocked), 0) from reports.phases where entity = 'contacts') as held,
        (select coalesce(sum(planned - held - blocked - refused), 0) from reports.phases where entity = 'contacts')::bigint as arriving_contacts,
        (select coalesce(sum(planned - held - blocked - refused), 0) from reports.phases)::bigint as arriving,
        (select count(*) from checks.findings where severity = 'stop') as stops,
        (select count(*) from checks.findings where severity = 'hold' and decision is null) as open_holds,
        (select count(*) from checks.findings where severity = 'note') as notes,
        (select count(*) from reports.map_items where not is_confirmed) as unconfirmed,
        (select count(*) from reports.map_items) as map_items,
        (select string_agg(waiting || ' ' || kind || case when waiting > 1 then 's' else '' end, ', ' order by kind)
            from (select case kind when 'stage' then 'lifecycle stage' when 'tier' then 'loyalty tier' when 'tag rule' then 'rule for tag' else kind end as kind, count(*) as waiting from reports.map_items where not is_confirmed group by kind)) as waiting_items,
        (select count(*) from matching.pairs where decision is null) as open_pairs,
        (select count(*) from reports.equations where not is_true) as false_equations,
        (select coalesce(sum(planned), 0) from reports.phases) as planned,
        (select coalesce(sum(created + updated + unchanged), 0) from reports.phases) as done,
        (select coalesce(sum(refused), 0) from reports.phases) as refused,
        (select coalesce(sum(pending), 0) from reports.phases) as pending,
        (select coalesce(sum(held + blocked + conflict), 0) from reports.phases) as waiting,
        (select coalesce(sum(records), 0) from reports.readback where class in ('missing', 'extra', 'duplicate', 'modified')) as differences,
        (select coalesce(sum(records), 0) from reports.readback) as read_back,
        (select coalesce(sum(records), 0) from reports.readback where class = 'moved') as moved,
        (select count(*) from loaded.outcomes) as outcomes,
        (select note from reports.complexity where input = 'grade') as grade,
        (select points from reports.complexity where input = 'grade') as points,
)

select
    'scope' as workbook,
    case when false_equations > 0 then 'stop' else 'good' end as state,
    case when false_equations > 0 then 'the sums are off' else 'grade ' || replace(grade, ': ', ': a ') || ' migration' end as verdict,
    format('{:,}', arriving_contacts) || case when arriving_contacts = 1 then ' contact and ' else ' contacts and ' end || format('{:,}', (arriving - arriving_contacts)::bigint)
        || case when arriving - arriving_contacts = 1 then ' other record' else ' other records' end || ' arrive in Freshsales; '
        || format('{:,}', (planned - arriving)::bigint) || ' wait for an answer or were refused. The grade goes from A to D: ' || points || ' of 100 points of difficulty, point by point on the sheet “Complexity”.' as sentence,
from numbers
union all
select
    'mapping',
    case when unconfirmed > 0 then 'attention' else 'good' end,
    case when unconfirmed > 0 then 'please confirm' else 'all confirmed' end,
    case
        when unconfirmed > 0 then unconfirmed || ' of ' || map_items || ' places in the map wait for your yes or no (' || waiting_items || '); nothing goes into production before.'
        else 'All ' || map_items || ' places in the map are as you confirmed them.'
    end,
from numbers
union all
select
    'quality',
    case when stops > 0 then 'stop' when open_holds > 0 or open_pairs > 0 then 'attention' else 'good' end,
    case when stops > 0 then 'nothing can be loaded' when open_holds > 0 or open_pairs > 0 then 'answers needed' else 'ready' end,
    case
        when stops > 0 then format('{:,}', stops) || case when stops = 1 then ' finding stops' else ' findings stop' end || ' the load altogether; see the rules.'
        else format('{:,}', held) || ' of ' || format('{:,}', contacts) || case when contacts = 1 then ' contact' else ' contacts' end
            || case when held = 1 then ' is' else ' are' end || ' held back; ' || format('{:,}', open_pairs)
            || case when open_pairs = 1 then ' pair' else ' pairs' end || ' may be one person; ' || format('{:,}', notes)
            || case when notes = 1 then ' remark holds' else ' remarks hold' end || ' nothing back.'
    end,
from numbers
union all
select
    'reconciliation',
    case
        when false_equations > 0 or differences > 0 then 'stop'
        when outcomes = 0 or refused > 0 or pending > 0 or waiting > 0 or read_back = 0 then 'attention'
        else 'good'
    end,
    case
        when false_equations > 0 then 'the sums are off'
        when outcomes = 0 then 'nothing loaded yet'
        when differences > 0 then 'differences found'
        when refused > 0 or pending > 0 or waiting > 0 then 'not everything arrived'
        when read_back = 0 then 'not read back yet'
        else 'everything arrived'
    end,
    format('{:,}', done::bigint) || ' of ' || format('{:,}', planned::bigint) || ' records are in Freshsales; ' || format('{:,}', waiting::bigint)
        || ' wait, ' || format('{:,}', refused::bigint) || case when refused = 1 then ' was' else ' were' end || ' refused, '
        || format('{:,}', pending::bigint) || case when pending = 1 then ' is' else ' are' end || ' not sent yet; '
        || case when read_back = 0 then 'nothing was read back.' else format('{:,}', differences::bigint) || ' of ' || format('{:,}', read_back::bigint) || ' read back differ.' end
        || case when moved > 0 then ' ' || format('{:,}', moved::bigint) || ' changed their stage by a rule of the account, which is as foreseen.' else '' end,
from numbers
union all
select
    'handover',
    'good',
    'what stays behind',
    'Campaigns, segment rules, loyalty mechanics, places and push tokens do not migrate; they are listed here to be rebuilt.',
from numbers
