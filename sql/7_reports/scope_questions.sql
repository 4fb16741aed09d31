-- The questions that matter most for this migration: three at most, those about most records first.
-- one row per position
with

costs as (
    select max(calls) as most, min(calls) as least, max(calls) filter (where contains(note, 'this is set now')) as now,
    from reports.scope_costs
),

held as (
    select rules.sentence, count(distinct findings.key) as records
    from checks.findings as findings
    inner join checks.rules as rules on rules.rule = findings.rule
    where findings.severity = 'hold' and findings.decision is null
    group by rules.sentence
    order by records desc, sentence
    limit 1
),

-- weight says how much hangs on a question; what has no records is no question
asked as (
    select
        'How much of the past shall move?' as question,
        (now - least)::double as weight,
        (select count(*) from freshsales.tasks) + (select count(*) from freshsales.sales_activities) as records,
        'As set now the load takes ' || format('{:,}', now) || ' calls; between ' || format('{:,}', least) || ' and ' || format('{:,}', most) || ' are possible, see the matrix.' as why,
    from costs
    where most > least
    union all
    select
        'What shall become of the records that wait?',
        10.0 * records,
        records,
        'The largest group: ' || sentence || ' Without an answer they stay behind.',
    from held
    union all
    select
        'Is there business in the data that belongs into deals?',
        (select max(people) from reports.commercial)::double,
        (select max(people) from reports.commercial),
        'Names such as ' || (select string_agg(name, ', ') from (select name from reports.commercial limit 3)) || ' speak of it; deals are '
            || case when (select deals from staging.typed_options) then 'made from engagement now.' else 'not made now.' end,
    where (select count(*) from reports.commercial) > 0
    union all
    select
        'Who may be written to?',
        5.0 * count(distinct key),
        count(distinct key),
        'For them the data does not prove a yes; they are never written to until somebody settles it.',
    from checks.findings
    where rule in ('contact_consent_unproven', 'consent_not_understood', 'consent_conflicting', 'consent_column_on_profile')
      and decision is null
    having count(distinct key) > 0
    union all
    select
        'Which pairs are one person?',
        3.0 * count(*),
        count(*),
        'A merge in Freshsales cannot be split, so doubtful pairs are asked about.',
    from matching.pairs
    where decision is null
    having count(*) > 0
    union all
    select
        'Is every attribute going to the right field?',
        2.0 * sum(filled) filter (where confidence < 0.8) / greatest(count(*), 1),
        count(*) filter (where confidence < 0.8),
        'So many attributes could not be placed with certainty; the mapping workbook asks about them.',
    from mapping.proposals
    where decision = 'send' and not is_confirmed
    having count(*) filter (where confidence < 0.8) > 0
)

select
    row_number() over (order by weight desc, question) as position,
    question,
    records,
    why,
from asked
where records > 0
qualify position <= 3
order by position
