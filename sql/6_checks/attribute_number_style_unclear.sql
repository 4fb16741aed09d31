-- No value of this column settles whether 1,234 is a thousand or about one.
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
