-- Working time as SQL, on the same rows and by the same rules as decisions.py. Totals are whole microseconds.

-- Microseconds of working time from the beginning of the table up to a moment.
CREATE OR REPLACE FUNCTION city1361_working_time(moment timestamptz) RETURNS bigint
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE
    total bigint;
BEGIN
    SELECT day.before * 60000000::bigint
           + least(greatest(clock.time, day.morning_start * 60000000::bigint), day.morning_end * 60000000::bigint)
           - day.morning_start * 60000000::bigint
           + least(greatest(clock.time, day.afternoon_start * 60000000::bigint), day.afternoon_end * 60000000::bigint)
           - day.afternoon_start * 60000000::bigint
      INTO total
      FROM base_calendar_workingcalendar AS calendar
     CROSS JOIN LATERAL (SELECT moment AT TIME ZONE calendar.timezone AS local) AS place
     CROSS JOIN LATERAL (SELECT (extract(epoch FROM place.local::time) * 1000000)::bigint AS time) AS clock
      JOIN base_calendar_workingday AS day ON day.date = place.local::date;
    IF total IS NULL THEN
        RAISE EXCEPTION 'the working calendar does not reach %', moment
            USING ERRCODE = 'datetime_field_overflow', HINT = 'Load or extend the working calendar.';
    END IF;
    RETURN total;
END $$;

-- Whole working minutes from the beginning of the table up to a moment.
CREATE OR REPLACE FUNCTION city1361_working_minutes(moment timestamptz) RETURNS bigint
LANGUAGE sql STABLE STRICT PARALLEL SAFE
RETURN city1361_working_time(moment) / 60000000;

-- Whole working minutes between two moments; negative, and as many, when the second is the earlier one.
CREATE OR REPLACE FUNCTION city1361_working_minutes_between(starts timestamptz, ends timestamptz) RETURNS bigint
LANGUAGE sql STABLE STRICT PARALLEL SAFE
RETURN (city1361_working_time(ends) - city1361_working_time(starts)) / 60000000;

-- The moment nearest to a moment with that many working minutes between; negative minutes go back.
CREATE OR REPLACE FUNCTION city1361_add_working_minutes(moment timestamptz, amount bigint) RETURNS timestamptz
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE
    total bigint := city1361_working_time(moment) + amount * 60000000;
    day base_calendar_workingday;
    morning bigint;
    rest bigint;
BEGIN
    IF amount = 0 THEN
        RETURN moment;
    END IF;
    -- Forward: the last day that begins below the total. Backward: the last day that begins at it or below.
    SELECT d.* INTO day
      FROM base_calendar_workingday AS d
     WHERE d.before <= CASE WHEN amount > 0 THEN (total - 1) / 60000000 ELSE total / 60000000 END
     ORDER BY d.before DESC, d.date DESC
     LIMIT 1;
    IF total < 0 OR day IS NULL OR total > (day.before + day.minutes) * 60000000::bigint THEN
        RAISE EXCEPTION 'the working calendar does not reach % working minutes from %', amount, moment
            USING ERRCODE = 'datetime_field_overflow', HINT = 'Load or extend the working calendar.';
    END IF;
    rest := total - day.before * 60000000::bigint;
    morning := (day.morning_end - day.morning_start) * 60000000::bigint;
    IF rest < morning OR (amount > 0 AND rest = morning) THEN
        rest := rest + day.morning_start * 60000000::bigint;
    ELSE
        rest := rest - morning + day.afternoon_start * 60000000::bigint;
    END IF;
    RETURN (SELECT (day.date + rest * interval '1 microsecond') AT TIME ZONE timezone
              FROM base_calendar_workingcalendar);
END $$;
