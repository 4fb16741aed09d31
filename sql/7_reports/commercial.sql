-- Where the data speaks of business: orders, contracts, subscriptions, invoices and the like, by the names of attributes, events and segments.
-- one row per kind, name
with

words as (
    select * from (values
        ('order', 'order'), ('purchas', 'order'), ('checkout', 'order'), ('basket', 'order'), ('cart', 'order'), ('spend', 'order'),
        ('contract', 'contract'), ('agreement', 'contract'), ('policy', 'contract'),
        ('subscription', 'subscription'), ('subscriber_plan', 'subscription'), ('membership', 'subscription'), ('renew', 'subscription'), ('tariff', 'subscription'),
        ('invoice', 'invoice'), ('payment', 'invoice'), ('billing', 'invoice'), ('refund', 'invoice'),
        ('quote', 'deal'), ('opportunity', 'deal'), ('deal', 'deal'), ('lifetime_value', 'order'), ('revenue', 'order')
    ) as words (part, relationship)
),

named as (
    select
        'attribute' as kind,
        attribute as name,
        filled as records,
        filled as people,
        case
            when contains(samples, '@') then null
            else regexp_replace(regexp_replace(left(samples, 120), '[0-9]', '9', 'g'), '\p{L}{4,}', 'xxxx', 'g')
        end as samples,
    from mapping.proposals
    union all
    select
        'event' as kind,
        event_name as name,
        count(*) as records,
        count(distinct profile_key) as people,
        strftime(min(happened_at), '%Y-%m-%d') || ' to ' || strftime(max(happened_at), '%Y-%m-%d') as samples,
    from staging.events
    where fate = 'kept'
    group by event_name
    union all
    select 'segment' as kind, coalesce(title, segment_id) as name, contacts as records, contacts as people, in_words as samples
    from reports.segment_rules
)

select
    named.kind,
    named.name,
    string_agg(distinct words.relationship, ', ' order by words.relationship) as relationship,
    named.records,
    named.people,
    named.samples,
    case named.kind
        when 'attribute' then 'a field of the contact now; would it be a deal or belong to an account?'
        when 'event' then 'activity of the contact now; does each one stand for business that belongs into deals?'
        else 'a tag of the contact now; does it stand for a kind of customer that sales works with?'
    end as question,
from named
inner join words on contains(replace(replace(lower(named.name), ' ', '_'), '-', '_'), words.part)
-- whether somebody may be written to is consent, not business
where not regexp_matches(lower(named.name), '(email|sms|push|whatsapp|newsletter).*subscription|unsubscri')
group by named.kind, named.name, named.records, named.people, named.samples
order by named.records desc, named.kind, named.name
