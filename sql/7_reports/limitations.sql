-- What this migration cannot carry, why, and what to do about it.
-- one row per position
with

known as (
    select * from (values
        (1::bigint, 'Consent history', 'Xtremepush logs changes only from the day the log was switched on; earlier changes cannot be recovered.', 'Freshsales starts with the present state; the sources of each state are on the contact.', 'Keep the Xtremepush export as evidence.'),
        (2, 'Lawful basis', 'No export names the lawful basis or the text a person agreed to.', 'State, type (such as marketing or legitimate interest), source and date of consent are carried, as far as the export has them.', 'Add the basis by hand where it matters.'),
        (3, 'Delivery time', 'Xtremepush says that a message arrived, not when.', 'Tasks carry sent, opened and clicked times; delivered is yes or no.', 'Nothing to do.'),
        (4, 'Original times of calls and notes', 'Freshsales dates calls and notes by itself.', 'The original time stands in the text.', 'Nothing to do.'),
        (5, 'Created date', 'Freshsales may ignore the date a contact was created.', 'The original date is kept in a field of its own.', 'Use that field in reports.'),
        (6, 'Campaigns and journeys', 'Freshsales has no counterpart for Xtremepush campaigns.', 'They are listed with content, audience and results.', 'Rebuild the ones still needed from the inventory.'),
        (7, 'Segments', 'A segment is a rule; what moves is who was in it on the day of the export.', 'Members carry a tag that does not change by itself.', 'Rebuild the rule as a view or list.'),
        (8, 'Loyalty mechanics', 'Freshsales has no points, levels or quests.', 'Balances, tiers and achievements are carried as fields that stand still.', 'Rebuild the mechanics elsewhere from the inventory.'),
        (9, 'Push tokens', 'A token works only with the keys of the app that made it.', 'They are written to a file, by platform.', 'Register devices again with the next provider.'),
        (10, 'Geofences and beacons', 'Freshsales has nothing to hold them.', 'They are listed.', 'Rebuild them where they are needed.'),
        (11, 'Anonymous profiles', 'They have neither user id nor e-mail nor phone.', 'They and their activity stay behind, counted.', 'Nothing to do.'),
        (12, 'Attribute history', 'Xtremepush keeps the present value only.', 'One value per attribute moves.', 'Nothing to do.'),
        (13, 'Merging', 'A merge in Freshsales cannot be split.', 'Doubtful pairs are asked about and not merged.', 'Answer the pairs in the quality workbook.'),
        (14, 'Freshsales automation', 'Workflows and stage moves fire on what a load writes, too.', 'They are not undone when the load is.', 'Switch them off for the load.')
    ) as known (position, topic, limitation, consequence, what_to_do)
)

select * from known
order by position
