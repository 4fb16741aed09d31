-- No value of this column settles whether 1,234 is a thousand or about one, or its numbers are written in both ways.
-- severity: note
-- fix: export the numbers without thousands separators, or say what a point and a comma mean
-- engineer: numbers.decimal in sql/0_settings/options.csv (ferry sql copy settings.options)
select
    'attributes' as entity,
    attribute as key,
    null as field,
    samples as value,
    'read with a decimal ' || case when is_decimal_comma then 'comma' else 'point' end
        || ', but every value would also make sense the other way round' as reason,
    null as suggestion,
from mapping.proposals
where is_decimal_unclear
  and type = 'number'
  and decision = 'send'
union all
select
    'attributes' as entity,
    proposals.attribute as key,
    null as field,
    proposals.samples as value,
    'some of its numbers have a decimal point and some a comma: sent as they are written, not as numbers' as reason,
    null as suggestion,
from mapping.proposals as proposals
inner join mapping.attribute_profiles as profiles on profiles.attribute = proposals.attribute
where profiles.share_any_numbers >= (select attributes_minimum_fit from staging.typed_options)
  and profiles.share_numbers < (select attributes_minimum_fit from staging.typed_options)
  and proposals.type in ('text', 'dropdown', 'text_area')
  and proposals.name like 'cf\_%' escape '\'
  and proposals.decision = 'send'
