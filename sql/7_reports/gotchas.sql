-- What the two platforms do that this data runs into, each with how many records it touches.
-- one row per position
with

findings as (
    select rule, count(distinct key) as records from checks.findings group by rule
),

looked_at as (
    select * from (values
        (1::bigint, 'Freshsales', 'An e-mail address, a mobile number and a customer number belong to one contact only.', (select sum(records) from findings where rule in ('contact_email_taken', 'contact_mobile_taken', 'contact_mobile_moved', 'contact_external_id_taken')), 'The later one waits for an answer, or its number goes to another field.'),
        (2, 'Freshsales', 'Activities are written one call each, and calls are limited by the hour.', (select count(*) from freshsales.tasks) + (select count(*) from freshsales.sales_activities), 'Decide how much of the past moves; see the matrix.'),
        (3, 'Freshsales', 'A merge cannot be split again.', (select count(*) from matching.merges), 'Look through what was merged in the quality workbook before the load.'),
        (4, 'Freshsales', 'A contact without an e-mail address may be refused.', (select sum(records) from findings where rule = 'contact_without_email'), 'They wait for an answer.'),
        (5, 'Freshsales', 'Texts longer than a field takes are cut.', (select sum(records) from findings where rule in ('contact_value_cut', 'contact_value_too_long')), 'The quality workbook lists them.'),
        (6, 'Freshsales', 'The date a record was made there is the day of the load.', (select count(*) from freshsales.contacts), 'The original date is kept in a field of its own.'),
        (7, 'Freshsales', 'A field of days holds no time of day.', (select sum(records) from findings where rule = 'attribute_time_of_day_dropped'), 'The time stays behind.'),
        (8, 'Freshsales', 'Workflows and moves of stages fire on what the load writes.', (select count(*) from freshsales.deals), 'They are switched off for the load.'),
        (9, 'Xtremepush', 'Profiles without user id, e-mail and phone cannot be contacted.', (select count(*) from matching.people where decided_by = 'anonymous'), 'They and their activity stay behind, counted.'),
        (10, 'Xtremepush', 'It is said that a message was delivered, not when.', (select count(*) from staging.interactions where fate = 'kept' and is_delivered), 'Tasks say delivered yes or no.'),
        (11, 'Xtremepush', 'Consent is a present state with little history.', (select count(*) from staging.consents where fate = 'kept'), 'Keep the exports as evidence.'),
        (12, 'Xtremepush', 'A push token works with its own app only.', (select count(*) from reports.push_tokens), 'They are handed over beside the workbooks.'),
        (13, 'Xtremepush', 'A segment is a rule; what moves is who was in it on the day of the export.', (select count(*) from reports.segment_rules), 'The rules are written down in the hand-over.'),
        (14, 'Xtremepush', 'One person may have several profiles.', (select count(*) from matching.people where profile_key <> person_key and decided_by not in ('anonymous', 'deleted')), 'They are merged where it is sure, and asked about where it is not.'),
        (15, 'Xtremepush', 'Activity of people who are not in the export has nobody to go to.', (select count(*) from engagement.activity_records where fate = 'orphan'), 'It stays behind, counted.')
    ) as looked_at (position, platform, gotcha, records, consequence)
)

select position, platform, gotcha, records::bigint as records, consequence
from looked_at
where records > 0
order by position
