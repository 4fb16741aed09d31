-- What to look at in the days after the change, and what to do if it is not as it should be.
-- one row per position
select
    position,
    period,
    check_that,
    otherwise,
    null::varchar as who,
    null::varchar as done,
from (values
    (1::bigint, 'first day', 'Everybody who works with contacts can log in and sees theirs.', 'The owner of a contact is not an active user: give the contact to somebody.'),
    (2, 'first day', 'Five people of the spot check are as they were in Xtremepush.', 'Stop, and tell your engineer: the load can be taken back.'),
    (3, 'first day', 'Somebody who opted out is opted out in Freshsales.', 'Write to nobody until this is settled.'),
    (4, 'first day', 'Workflows, sequences and notifications are switched on again, one after the other.', 'Switch the last one off and look at what it did.'),
    (5, 'first week', 'The daily read-back shows nothing lost and no wrong opt-out.', 'Tell your engineer the same day.'),
    (6, 'first week', 'Nobody has made contacts twice because they did not find them.', 'Merge them, and show how to search by e-mail.'),
    (7, 'first week', 'Messages go out from the new place only.', 'Stop the campaign in Xtremepush.'),
    (8, 'first week', 'The records that waited for answers are answered or left behind on purpose.', 'Answer the quality workbook and load again.'),
    (9, 'first month', 'Campaigns and segments of the rebuild tracker are kept or dropped, each with an owner.', 'Decide what nobody owns.'),
    (10, 'first month', 'Reports of the old and the new system agree where they count the same.', 'The limitations say where they cannot.'),
    (11, 'before Xtremepush ends', 'Exports, workbooks and the consent evidence are kept where you keep records.', 'They cannot be made again.'),
    (12, 'before Xtremepush ends', 'Push tokens were handed over, or devices registered anew.', 'People must be asked for permission again.')
) as list (position, period, check_that, otherwise)
order by position
