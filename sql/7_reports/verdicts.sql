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
        (select string_agg(waiting || ' ' || kind || case when waiting = 1 or kind like 'rule%' then '' else 's' end, ', ' order by kind)
            from (select case kind when 'stage' then 'lifecycle stage' when 'tier' then 'loyalty tier' when 'tag rule' then case when count(*) = 1 then 'rule for tags' else 'rules for tags' end else kind end as kind, count(*) as waiting from reports.map_items where not is_confirmed group by kind)) as waiting_items,
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
        (select count(*) from reports.rebuild_tracker) as rebuilds,
        (select note from reports.complexity where input = 'grade') as grade,
        (select points from reports.complexity where input = 'grade') as points,
        (select coalesce(sum(records), 0) from reports.entity_counts) as records,
        (select coalesce(sum(rejected), 0) from reports.entity_counts) as unreadable,
),

-- What must be said before anything else: exports of which nothing, or not everything, could be read.
read_so_far as (
    select
        *,
        records = unreadable as is_nothing,
        case
            when records = 0 then 'The exports hold no record'
            when unreadable = 1 and records = 1 then 'The only record of the exports could not be read'
            when records = unreadable then 'None of the ' || format('{:,}', records::bigint) || ' records of the exports could be read'
        end as nothing_read,
        case
            when unreadable > 0 then ' ' || format('{:,}', unreadable::bigint) || ' of ' || format('{:,}', records::bigint) || ' records could not be read; they are listed on the sheet “Unreadable records” of the scope workbook.'
            else ''
        end as not_read,
    from numbers
)

select
    'scope' as workbook,
    case when false_equations > 0 or is_nothing then 'stop' when unreadable * 20 >= records then 'attention' else 'good' end as state,
    case when false_equations > 0 then 'the sums are off' when is_nothing then 'nothing can move yet' else 'grade ' || replace(grade, ': ', ': a ') || ' migration' end as verdict,
    case when is_nothing then nothing_read || ', so nothing can be moved and nothing can be judged. They must be exported again.' else format('{:,}', arriving_contacts) || case when arriving_contacts = 1 then ' contact and ' else ' contacts and ' end || format('{:,}', (arriving - arriving_contacts)::bigint)
        || case when arriving - arriving_contacts = 1 then ' other record' else ' other records' end || ' arrive in Freshsales; '
        || case when planned = arriving then 'nothing waits' else format('{:,}', (planned - arriving)::bigint) || case when planned - arriving = 1 then ' waits for an answer or was refused' else ' wait for an answer or were refused' end end || '. The grade goes from A to D: ' || points || ' of 100 points of difficulty, point by point on the sheet “Complexity”.' || not_read end as sentence,
from read_so_far
union all
select
    'mapping',
    case when is_nothing then 'plain' when unconfirmed > 0 then 'attention' else 'good' end,
    case when is_nothing then 'nothing to confirm yet' when unconfirmed > 0 then 'please confirm' else 'all confirmed' end,
    case
        when is_nothing then nothing_read || ', so no attribute is known that needs a place.'
        when unconfirmed > 0 then unconfirmed || ' of ' || map_items || ' places in the map wait for your yes or no (' || waiting_items || '); nothing goes into production before.'
        else 'All ' || map_items || ' places in the map are as you confirmed them.'
    end,
from read_so_far
union all
select
    'quality',
    case when stops > 0 or is_nothing then 'stop' when open_holds > 0 or open_pairs > 0 or contacts = 0 then 'attention' else 'good' end,
    case
        when stops > 0 then 'nothing can be loaded'
        when is_nothing then 'nothing could be checked'
        when open_holds > 0 or open_pairs > 0 then 'answers needed'
        when contacts = 0 then 'no contact to move'
        else 'ready'
    end,
    case
        when is_nothing and stops = 0 then nothing_read || ', so nothing is known about them.'
        when stops > 0 then format('{:,}', stops) || case when stops = 1 then ' finding stops' else ' findings stop' end || ' the load altogether; see the rules.'
        when held = 0 and open_pairs = 0 then
            case when contacts = 0 then 'The exports hold nobody who could become a contact' when contacts = 1 then 'The one contact can move' else 'All ' || format('{:,}', contacts) || ' contacts can move' end
            || '; nothing waits for an answer' || case
                when notes = 0 then ', and nothing was found that you should know.'
                when notes = 1 then '. One remark holds nothing back.'
                else '. ' || format('{:,}', notes) || ' remarks hold nothing back.'
            end
        else format('{:,}', held) || ' of ' || format('{:,}', contacts) || case when contacts = 1 then ' contact' else ' contacts' end
            || case when held = 1 then ' is' else ' are' end || ' held back; '
            || case open_pairs when 0 then 'no pair may be one person' when 1 then 'one pair may be one person' else format('{:,}', open_pairs) || ' pairs may be one person' end || '; '
            || case notes when 0 then 'there is nothing else to know.' when 1 then 'one remark holds nothing back.' else format('{:,}', notes) || ' remarks hold nothing back.' end
    end || if(is_nothing, '', not_read),
from read_so_far
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
    concat_ws(
        ' ',
        case
            when planned = 0 then 'There was nothing to load.'
            when done = planned then 'All ' || format('{:,}', planned::bigint) || ' planned records are in Freshsales.'
            else format('{:,}', done::bigint) || ' of ' || format('{:,}', planned::bigint) || ' records are in Freshsales; ' || concat_ws(
                ', ',
                case when waiting > 0 then format('{:,}', waiting::bigint) || if(waiting = 1, ' waits', ' wait') end,
                case when refused > 0 then format('{:,}', refused::bigint) || if(refused = 1, ' was refused', ' were refused') end,
                case when pending > 0 then format('{:,}', pending::bigint) || if(pending = 1, ' is not sent yet', ' are not sent yet') end
            ) || '.'
        end,
        case
            when read_back = 0 then 'Nothing was read back.'
            when differences = 0 then 'None of ' || format('{:,}', read_back::bigint) || ' read back differs from what was sent.'
            else format('{:,}', differences::bigint) || ' of ' || format('{:,}', read_back::bigint) || ' read back differ.'
        end,
        case when moved > 0 then format('{:,}', moved::bigint) || ' changed their stage by a rule of the account, which is as foreseen.' end
    ),
from read_so_far
union all
select
    'handover',
    case when rebuilds = 0 then 'plain' else 'good' end,
    case when is_nothing then 'nothing is known yet' when rebuilds = 0 then 'nothing to rebuild' else 'what stays behind' end,
    case
        when is_nothing then nothing_read || ', so it is not known what must be rebuilt.'
        when rebuilds = 0 then 'The exports hold no campaign, segment, loyalty rule or place that would have to be rebuilt; if Xtremepush has some, they were not exported. What a migration cannot carry at all, and what to look at afterwards, is listed here.'
        else 'Campaigns, segment rules, loyalty mechanics, places and push tokens do not migrate; they are listed here to be rebuilt.'
    end,
from read_so_far
