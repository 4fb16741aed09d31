-- What each word of consent means, in the spelling in which cells are compared; of two meanings the one that allows less.
-- one row per text
select
    plain_word(text) as text,
    coalesce(min(is_subscribed) filter (where is_subscribed <> 'true'), 'true') as is_subscribed,
from settings.consent_words
where trim(text) <> ''
group by all
