-- Which channels each word means, in the spelling in which cells are compared; a word of two channels is one of both.
-- one row per text
select
    plain_word(text) as text,
    list(distinct channel) as channels,
from settings.consent_channels
where trim(text) <> ''
group by all
