-- A mobile number another contact has already was put into the work number.
-- severity: note
-- fix: nothing to do, unless the two contacts are one person
-- decisions: clean merge
select
    'contacts' as entity,
    contact_key as key,
    'mobile_number' as field,
    mobile_before as value,
    case
        when work_number = mobile_before then 'shared with an earlier contact, now in the work number'
        else 'shared with an earlier contact, and left out'
    end as reason,
    null as suggestion,
from mapping.contact_policies
where is_mobile_shared
  and mobile_number is null
