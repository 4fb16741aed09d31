-- How many rows landed, table by table, counted in the landed tables themselves.
-- one row per entity
-- view
select 1::bigint as position, 'user_profiles' as entity, 'User profiles' as label, count(*) as landed from landed.user_profiles
union all
select 2 as position, 'attributes' as entity, 'Attributes' as label, count(*) as landed from landed.attributes
union all
select 3 as position, 'attribute_definitions' as entity, 'Attribute definitions' as label, count(*) as landed from landed.attribute_definitions
union all
select 4 as position, 'tags' as entity, 'Tags' as label, count(*) as landed from landed.tags
union all
select 5 as position, 'segments' as entity, 'Segments' as label, count(*) as landed from landed.segments
union all
select 6 as position, 'segment_memberships' as entity, 'Segment memberships' as label, count(*) as landed from landed.segment_memberships
union all
select 7 as position, 'consents' as entity, 'Consents' as label, count(*) as landed from landed.consents
union all
select 8 as position, 'loyalty' as entity, 'Loyalty' as label, count(*) as landed from landed.loyalty
union all
select 9 as position, 'campaigns' as entity, 'Campaigns' as label, count(*) as landed from landed.campaigns
union all
select 10 as position, 'campaign_interactions' as entity, 'Campaign interactions' as label, count(*) as landed from landed.campaign_interactions
union all
select 11 as position, 'events' as entity, 'Events' as label, count(*) as landed from landed.events
union all
select 12 as position, 'devices' as entity, 'Devices' as label, count(*) as landed from landed.devices
union all
select 13 as position, 'geofences' as entity, 'Geofences' as label, count(*) as landed from landed.geofences
union all
select 14 as position, 'gamification_rules' as entity, 'Gamification rules' as label, count(*) as landed from landed.gamification_rules
union all
select 15 as position, 'companies' as entity, 'Companies' as label, count(*) as landed from landed.companies
union all
select 16 as position, 'activities' as entity, 'Activities' as label, count(*) as landed from landed.activities
union all
select 17 as position, 'notes' as entity, 'Notes' as label, count(*) as landed from landed.notes
union all
select 18 as position, 'documents' as entity, 'Documents' as label, count(*) as landed from landed.documents
