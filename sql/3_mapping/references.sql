-- Values of attributes that are ids of something in the same export, such as a store, and its title; without a title where there is none.
-- one row per attribute, value
with

titles as (
    select 'geofences' as refers_to, lower(location_id) as id, min(title) as title from staging.geofences where fate = 'kept' and title is not null group by all having count(distinct title) = 1
    union all
    select 'campaigns' as refers_to, lower(campaign_id) as id, min(title) as title from staging.campaigns where fate = 'kept' and title is not null group by all having count(distinct title) = 1
    union all
    select 'segments' as refers_to, lower(segment_id) as id, min(title) as title from staging.segments where fate = 'kept' and title is not null group by all having count(distinct title) = 1
),

-- Two stores of one title stay two.
told_apart as (
    select *, if(count(*) over (partition by refers_to, lower(title)) > 1, title || ' (' || id || ')', title) as text
    from titles
),

named as (
    select names.attribute, list.refers_to
    from (select distinct name as attribute from matching.attributes) as names
    inner join settings.reference_names as list on contains('_' || names.attribute || '_', '_' || lower(list.part))
    qualify row_number() over (partition by names.attribute order by length(list.part) desc, list.part) = 1
),

held as (
    select attributes.name as attribute, named.refers_to, attributes.value, count(*) as people
    from matching.attributes as attributes
    inner join named on named.attribute = attributes.name
    where attributes.value is not null
    group by all
),

looked_up as (
    select held.attribute, held.refers_to, held.value, held.people, told_apart.text
    from held
    left join told_apart
        on told_apart.refers_to = held.refers_to
        and told_apart.id = lower(held.value)
),

-- An attribute refers to something where at least half of its values do; otherwise its name only sounds so.
referring as (
    select attribute
    from looked_up
    group by attribute
    having count(text) > 0 and 2 * count(text) >= count(*)
),

found as (
    select looked_up.attribute, looked_up.value, looked_up.text, looked_up.refers_to, looked_up.people
    from looked_up
    semi join referring on referring.attribute = looked_up.attribute
    anti join settings."references" as listed on listed.attribute = looked_up.attribute and listed.value = looked_up.value
),

together as (
    select attribute, value, text, 'settings' as refers_to, null::bigint as people from settings."references" where attribute is not null
    union all
    select * from found
)

select * from together
