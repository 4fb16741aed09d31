-- Words that the rules of all floors share, so that each of them is said once. They are plain
-- DuckDB macros: open.sql of a run has them too.

-- The zone of times that the source writes without one (setting source_timezone); made by ferry
-- before this file: create macro source_zone() as 'UTC';

-- A time in any spelling Xtremepush is known to write, as an instant; null when it is none of them.
-- Seconds and milliseconds since 1970, dates, dates with a time, ISO 8601, each with an offset or without.
create or replace macro instant(written) as
    case
        when regexp_full_match(trim(written), '\d{9,10}') then to_timestamp(try_cast(trim(written) as bigint))
        when regexp_full_match(trim(written), '\d{12,13}') then to_timestamp(try_cast(trim(written) as bigint) / 1000)
        when regexp_full_match(trim(written), '\d{4}-\d{1,2}-\d{1,2}([ T]\d{1,2}:\d{2}(:\d{2}([.]\d+)?)?)?')
            then try_cast(trim(written) as timestamp) at time zone source_zone()
        else try_cast(regexp_replace(trim(written), ' ([+-])', '\1') as timestamptz)
    end;

-- The day an instant falls on where the source keeps its calendar.
create or replace macro source_day(moment) as (moment at time zone source_zone())::date;
