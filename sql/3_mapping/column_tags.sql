-- Tags that stand in a column of the profiles, whatever parts them there.
-- one row per person_key, tag_name, attribute
-- view
select distinct
    people.person_key,
    attributes.name as attribute,
    unnest(list_filter(
        entries(regexp_replace(attributes.value, '[;|]', ',', 'g'), ','), lambda entry: not is_nothing(entry)
    )) as tag_name,
from staging.attributes as attributes
inner join mapping.proposals as proposals
    on proposals.attribute = attributes.name
    and proposals.name = 'tags'
    and proposals.entity = 'contacts'
    and proposals.decision = 'send'
inner join matching.people as people on people.profile_key = attributes.profile_key
where attributes.value is not null
  and people.decided_by not in ('deleted', 'anonymous')
