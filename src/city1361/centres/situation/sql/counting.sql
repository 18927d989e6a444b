-- Each change of a matter that a count depends on leaves what it was (-1) and what it is (+1), in the same transaction and
-- whoever writes: rows at the end of a table, none that others wait for. situation_fold adds them up.
CREATE FUNCTION situation_note_matter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        INSERT INTO centres_situation_matterdelta (
            sign, city_id, district_id, town_id, type_id, state, result, reported_at, total_due_at, due_before_extension,
            closed_at, shelved, reworked, self_closed
        ) VALUES
            (-1, OLD.city_id, OLD.district_id, OLD.town_id, OLD.type_id, OLD.state, OLD.result, OLD.reported_at,
             OLD.total_due_at, OLD.due_before_extension, OLD.closed_at,
             OLD.shelved_owner_id IS NOT NULL AND OLD.state NOT IN ('refused', 'closed', 'voided', 'merged'),
             OLD.rework_count > 0, OLD.self_report_self_close),
            (1, NEW.city_id, NEW.district_id, NEW.town_id, NEW.type_id, NEW.state, NEW.result, NEW.reported_at,
             NEW.total_due_at, NEW.due_before_extension, NEW.closed_at,
             NEW.shelved_owner_id IS NOT NULL AND NEW.state NOT IN ('refused', 'closed', 'voided', 'merged'),
             NEW.rework_count > 0, NEW.self_report_self_close);
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO centres_situation_matterdelta (
            sign, city_id, district_id, town_id, type_id, state, result, reported_at, total_due_at, due_before_extension,
            closed_at, shelved, reworked, self_closed
        ) VALUES
            (-1, OLD.city_id, OLD.district_id, OLD.town_id, OLD.type_id, OLD.state, OLD.result, OLD.reported_at,
             OLD.total_due_at, OLD.due_before_extension, OLD.closed_at,
             OLD.shelved_owner_id IS NOT NULL AND OLD.state NOT IN ('refused', 'closed', 'voided', 'merged'),
             OLD.rework_count > 0, OLD.self_report_self_close);
    ELSE
        INSERT INTO centres_situation_matterdelta (
            sign, city_id, district_id, town_id, type_id, state, result, reported_at, total_due_at, due_before_extension,
            closed_at, shelved, reworked, self_closed
        ) VALUES
            (1, NEW.city_id, NEW.district_id, NEW.town_id, NEW.type_id, NEW.state, NEW.result, NEW.reported_at,
             NEW.total_due_at, NEW.due_before_extension, NEW.closed_at,
             NEW.shelved_owner_id IS NOT NULL AND NEW.state NOT IN ('refused', 'closed', 'voided', 'merged'),
             NEW.rework_count > 0, NEW.self_report_self_close);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER situation_matter_made AFTER INSERT OR DELETE ON centres_execution_matter
    FOR EACH ROW EXECUTE FUNCTION situation_note_matter();
CREATE TRIGGER situation_matter_changed AFTER UPDATE ON centres_execution_matter FOR EACH ROW WHEN (
    (OLD.city_id, OLD.district_id, OLD.town_id, OLD.type_id, OLD.state, OLD.result, OLD.reported_at, OLD.total_due_at,
     OLD.due_before_extension, OLD.closed_at, OLD.shelved_owner_id, OLD.rework_count > 0, OLD.self_report_self_close)
    IS DISTINCT FROM
    (NEW.city_id, NEW.district_id, NEW.town_id, NEW.type_id, NEW.state, NEW.result, NEW.reported_at, NEW.total_due_at,
     NEW.due_before_extension, NEW.closed_at, NEW.shelved_owner_id, NEW.rework_count > 0, NEW.self_report_self_close)
) EXECUTE FUNCTION situation_note_matter();

-- The same of return visits that reached somebody, by the day the matter was closed.
CREATE FUNCTION situation_note_visit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.reached THEN
        INSERT INTO centres_situation_visitdelta (
            sign, city_id, district_id, town_id, closed_at, contacted, solved, satisfied, unreasonable
        ) VALUES (
            -1, OLD.city_id, OLD.district_id, OLD.town_id, OLD.closed_at, OLD.contacted, OLD.solved,
            OLD.satisfied IN ('satisfied', 'fair'), OLD.unreasonable
        );
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.reached THEN
        INSERT INTO centres_situation_visitdelta (
            sign, city_id, district_id, town_id, closed_at, contacted, solved, satisfied, unreasonable
        ) VALUES (
            1, NEW.city_id, NEW.district_id, NEW.town_id, NEW.closed_at, NEW.contacted, NEW.solved,
            NEW.satisfied IN ('satisfied', 'fair'), NEW.unreasonable
        );
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER situation_visit_made AFTER INSERT OR DELETE ON centres_supervision_returnvisit
    FOR EACH ROW EXECUTE FUNCTION situation_note_visit();
CREATE TRIGGER situation_visit_changed AFTER UPDATE ON centres_supervision_returnvisit FOR EACH ROW WHEN (
    (OLD.city_id, OLD.district_id, OLD.town_id, OLD.closed_at, OLD.reached, OLD.contacted, OLD.solved, OLD.satisfied,
     OLD.unreasonable)
    IS DISTINCT FROM
    (NEW.city_id, NEW.district_id, NEW.town_id, NEW.closed_at, NEW.reached, NEW.contacted, NEW.solved, NEW.satisfied,
     NEW.unreasonable)
) EXECUTE FUNCTION situation_note_visit();

-- Add up what was left, by area at each level, type (none: all together) and day of the city, and throw it away: all of it
-- or nothing. Rows that commit later are taken by a later round. One at a time: the caller holds the lock.
CREATE FUNCTION situation_fold(zone text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    folded bigint;
BEGIN
    SELECT (SELECT count(*) FROM centres_situation_matterdelta) + (SELECT count(*) FROM centres_situation_visitdelta)
        INTO folded;
    IF folded = 0 THEN
        RETURN 0;
    END IF;
    WITH taken AS (
        DELETE FROM centres_situation_matterdelta RETURNING *
    ), finest AS (
        SELECT city_id, district_id, town_id, type_id, axis.day, sum(sign) AS net,
            sum(sign) FILTER (WHERE axis.name = 'reported') AS reported,
            sum(sign)
                FILTER (WHERE axis.name = 'reported' AND state NOT IN ('verifying', 'reported', 'refused', 'merged', 'voided'))
                AS filed,
            sum(sign) FILTER (WHERE axis.name = 'reported' AND state = 'refused') AS refused,
            sum(sign) FILTER (WHERE axis.name = 'reported' AND state = 'merged') AS merged,
            sum(sign) FILTER (WHERE axis.name = 'reported' AND state = 'voided') AS voided,
            sum(sign) FILTER (WHERE axis.name = 'due' AND NOT (shelved OR state = 'voided')) AS due,
            sum(sign) FILTER (WHERE axis.name = 'due' AND state = 'voided') AS voided_of_due,
            sum(sign) FILTER (WHERE axis.name = 'due' AND shelved) AS shelved_of_due,
            sum(sign) FILTER (WHERE axis.name = 'due' AND state = 'closed') AS closed_of_due,
            sum(sign) FILTER (WHERE axis.name = 'due' AND state = 'closed' AND closed_at <= total_due_at) AS on_time,
            sum(sign)
                FILTER (WHERE axis.name = 'due' AND state = 'closed' AND closed_at <= total_due_at
                AND closed_at > due_before_extension)
                AS on_time_by_extension,
            sum(sign)
                FILTER (WHERE axis.name = 'due' AND (reworked AND NOT (shelved OR state = 'voided')))
                AS reworked,
            sum(sign)
                FILTER (WHERE axis.name = 'due' AND (due_before_extension IS NOT NULL AND NOT (shelved OR state = 'voided')))
                AS extended,
            sum(sign)
                FILTER (WHERE axis.name = 'due' AND state NOT IN ('refused', 'closed', 'voided', 'merged'))
                AS in_hand,
            sum(sign) FILTER (WHERE axis.name = 'due' AND state = 'verifying') AS in_verifying,
            sum(sign) FILTER (WHERE axis.name = 'due' AND state = 'reported') AS in_reported,
            sum(sign) FILTER (WHERE axis.name = 'due' AND state = 'dispatching') AS in_dispatching,
            sum(sign) FILTER (WHERE axis.name = 'due' AND state = 'admitted') AS in_admitted,
            sum(sign) FILTER (WHERE axis.name = 'due' AND state = 'designating') AS in_designating,
            sum(sign) FILTER (WHERE axis.name = 'due' AND state = 'handling') AS in_handling,
            sum(sign) FILTER (WHERE axis.name = 'due' AND state = 'close_requested') AS in_close_requested,
            sum(sign) FILTER (WHERE axis.name = 'due' AND state = 'checked') AS in_checked,
            sum(sign) FILTER (WHERE axis.name = 'closed') AS closed,
            sum(sign) FILTER (WHERE axis.name = 'closed' AND result = 'solved') AS solved,
            sum(sign) FILTER (WHERE axis.name = 'closed' AND result = 'explained') AS explained,
            sum(sign) FILTER (WHERE axis.name = 'closed' AND result = 'long_term') AS long_term,
            sum(sign) FILTER (WHERE axis.name = 'closed' AND result = 'shelved') AS closed_as_shelved,
            sum(sign) FILTER (WHERE axis.name = 'closed' AND result = 'not_ours') AS not_ours,
            sum(sign) FILTER (WHERE axis.name = 'closed' AND self_closed) AS self_closed
        FROM taken CROSS JOIN LATERAL (VALUES
            ('reported', (reported_at AT TIME ZONE zone)::date),
            ('due', CASE WHEN state NOT IN ('refused', 'merged') THEN (total_due_at AT TIME ZONE zone)::date END),
            ('closed', CASE WHEN state = 'closed' THEN (closed_at AT TIME ZONE zone)::date END)
        ) AS axis (name, day)
        WHERE axis.day IS NOT NULL GROUP BY city_id, district_id, town_id, type_id, axis.day
    ), levels AS (
        SELECT coalesce(town_id, district_id, city_id) AS area_id,
            CASE WHEN town_id IS NULL THEN district_id ELSE (array_agg(district_id ORDER BY net DESC))[1] END AS district_id,
            city_id, coalesce(type_id, '') AS type, day,
            nullif(sum(reported), 0) AS reported, nullif(sum(filed), 0) AS filed, nullif(sum(refused), 0) AS refused,
            nullif(sum(merged), 0) AS merged, nullif(sum(voided), 0) AS voided, nullif(sum(due), 0) AS due,
            nullif(sum(voided_of_due), 0) AS voided_of_due, nullif(sum(shelved_of_due), 0) AS shelved_of_due,
            nullif(sum(closed_of_due), 0) AS closed_of_due, nullif(sum(on_time), 0) AS on_time,
            nullif(sum(on_time_by_extension), 0) AS on_time_by_extension, nullif(sum(reworked), 0) AS reworked,
            nullif(sum(extended), 0) AS extended, nullif(sum(in_hand), 0) AS in_hand,
            nullif(sum(in_verifying), 0) AS in_verifying, nullif(sum(in_reported), 0) AS in_reported,
            nullif(sum(in_dispatching), 0) AS in_dispatching, nullif(sum(in_admitted), 0) AS in_admitted,
            nullif(sum(in_designating), 0) AS in_designating, nullif(sum(in_handling), 0) AS in_handling,
            nullif(sum(in_close_requested), 0) AS in_close_requested, nullif(sum(in_checked), 0) AS in_checked,
            nullif(sum(closed), 0) AS closed, nullif(sum(solved), 0) AS solved,
            nullif(sum(explained), 0) AS explained, nullif(sum(long_term), 0) AS long_term,
            nullif(sum(closed_as_shelved), 0) AS closed_as_shelved, nullif(sum(not_ours), 0) AS not_ours,
            nullif(sum(self_closed), 0) AS self_closed
        FROM finest GROUP BY GROUPING SETS (
            (city_id, town_id, type_id, day), (city_id, town_id, day),
            (city_id, district_id, type_id, day), (city_id, district_id, day), (city_id, type_id, day), (city_id, day)
        )
    )
    INSERT INTO centres_situation_counter AS c (
        area_id, district_id, city_id, type, day,
        reported, filed, refused, merged, voided, due, voided_of_due, shelved_of_due, closed_of_due, on_time,
        on_time_by_extension, reworked, extended, in_hand, in_verifying, in_reported, in_dispatching, in_admitted,
        in_designating, in_handling, in_close_requested, in_checked, closed, solved, explained, long_term,
        closed_as_shelved, not_ours, self_closed
    )
    SELECT area_id, district_id, city_id, type, day,
        reported, filed, refused, merged, voided, due, voided_of_due, shelved_of_due, closed_of_due, on_time,
        on_time_by_extension, reworked, extended, in_hand, in_verifying, in_reported, in_dispatching, in_admitted,
        in_designating, in_handling, in_close_requested, in_checked, closed, solved, explained, long_term,
        closed_as_shelved, not_ours, self_closed
    FROM levels
    ORDER BY area_id, type, day
    ON CONFLICT (area_id, type, day) DO UPDATE SET
        district_id = excluded.district_id,
        city_id = excluded.city_id,
        reported = nullif(coalesce(c.reported, 0) + coalesce(excluded.reported, 0), 0),
        filed = nullif(coalesce(c.filed, 0) + coalesce(excluded.filed, 0), 0),
        refused = nullif(coalesce(c.refused, 0) + coalesce(excluded.refused, 0), 0),
        merged = nullif(coalesce(c.merged, 0) + coalesce(excluded.merged, 0), 0),
        voided = nullif(coalesce(c.voided, 0) + coalesce(excluded.voided, 0), 0),
        due = nullif(coalesce(c.due, 0) + coalesce(excluded.due, 0), 0),
        voided_of_due = nullif(coalesce(c.voided_of_due, 0) + coalesce(excluded.voided_of_due, 0), 0),
        shelved_of_due = nullif(coalesce(c.shelved_of_due, 0) + coalesce(excluded.shelved_of_due, 0), 0),
        closed_of_due = nullif(coalesce(c.closed_of_due, 0) + coalesce(excluded.closed_of_due, 0), 0),
        on_time = nullif(coalesce(c.on_time, 0) + coalesce(excluded.on_time, 0), 0),
        on_time_by_extension =
            nullif(coalesce(c.on_time_by_extension, 0) + coalesce(excluded.on_time_by_extension, 0), 0),
        reworked = nullif(coalesce(c.reworked, 0) + coalesce(excluded.reworked, 0), 0),
        extended = nullif(coalesce(c.extended, 0) + coalesce(excluded.extended, 0), 0),
        in_hand = nullif(coalesce(c.in_hand, 0) + coalesce(excluded.in_hand, 0), 0),
        in_verifying = nullif(coalesce(c.in_verifying, 0) + coalesce(excluded.in_verifying, 0), 0),
        in_reported = nullif(coalesce(c.in_reported, 0) + coalesce(excluded.in_reported, 0), 0),
        in_dispatching = nullif(coalesce(c.in_dispatching, 0) + coalesce(excluded.in_dispatching, 0), 0),
        in_admitted = nullif(coalesce(c.in_admitted, 0) + coalesce(excluded.in_admitted, 0), 0),
        in_designating = nullif(coalesce(c.in_designating, 0) + coalesce(excluded.in_designating, 0), 0),
        in_handling = nullif(coalesce(c.in_handling, 0) + coalesce(excluded.in_handling, 0), 0),
        in_close_requested = nullif(coalesce(c.in_close_requested, 0) + coalesce(excluded.in_close_requested, 0), 0),
        in_checked = nullif(coalesce(c.in_checked, 0) + coalesce(excluded.in_checked, 0), 0),
        closed = nullif(coalesce(c.closed, 0) + coalesce(excluded.closed, 0), 0),
        solved = nullif(coalesce(c.solved, 0) + coalesce(excluded.solved, 0), 0),
        explained = nullif(coalesce(c.explained, 0) + coalesce(excluded.explained, 0), 0),
        long_term = nullif(coalesce(c.long_term, 0) + coalesce(excluded.long_term, 0), 0),
        closed_as_shelved = nullif(coalesce(c.closed_as_shelved, 0) + coalesce(excluded.closed_as_shelved, 0), 0),
        not_ours = nullif(coalesce(c.not_ours, 0) + coalesce(excluded.not_ours, 0), 0),
        self_closed = nullif(coalesce(c.self_closed, 0) + coalesce(excluded.self_closed, 0), 0);

    WITH taken AS (
        DELETE FROM centres_situation_visitdelta RETURNING *
    ), finest AS (
        SELECT city_id, district_id, town_id, axis.day, sum(sign) AS net,
            sum(sign) AS visited,
            sum(sign) FILTER (WHERE contacted) AS contacted,
            sum(sign) FILTER (WHERE NOT unreasonable) AS reasonable,
            sum(sign) FILTER (WHERE solved AND NOT unreasonable) AS solved_said,
            sum(sign) FILTER (WHERE satisfied AND NOT unreasonable) AS satisfied_said,
            sum(sign) FILTER (WHERE unreasonable) AS unreasonable,
            sum(sign) FILTER (WHERE solved AND unreasonable) AS unreasonable_solved,
            sum(sign) FILTER (WHERE satisfied AND unreasonable) AS unreasonable_satisfied
        FROM taken CROSS JOIN LATERAL (VALUES
            (NULL, (closed_at AT TIME ZONE zone)::date)
        ) AS axis (name, day)
        WHERE axis.day IS NOT NULL GROUP BY city_id, district_id, town_id, axis.day
    ), levels AS (
        SELECT coalesce(town_id, district_id, city_id) AS area_id,
            CASE WHEN town_id IS NULL THEN district_id ELSE (array_agg(district_id ORDER BY net DESC))[1] END AS district_id,
            city_id, '' AS type, day,
            nullif(sum(visited), 0) AS visited, nullif(sum(contacted), 0) AS contacted,
            nullif(sum(reasonable), 0) AS reasonable, nullif(sum(solved_said), 0) AS solved_said,
            nullif(sum(satisfied_said), 0) AS satisfied_said, nullif(sum(unreasonable), 0) AS unreasonable,
            nullif(sum(unreasonable_solved), 0) AS unreasonable_solved,
            nullif(sum(unreasonable_satisfied), 0) AS unreasonable_satisfied
        FROM finest GROUP BY GROUPING SETS (
            (city_id, town_id, day), (city_id, district_id, day), (city_id, day)
        )
    )
    INSERT INTO centres_situation_counter AS c (
        area_id, district_id, city_id, type, day,
        visited, contacted, reasonable, solved_said, satisfied_said, unreasonable, unreasonable_solved,
        unreasonable_satisfied
    )
    SELECT area_id, district_id, city_id, type, day,
        visited, contacted, reasonable, solved_said, satisfied_said, unreasonable, unreasonable_solved,
        unreasonable_satisfied
    FROM levels
    ORDER BY area_id, type, day
    ON CONFLICT (area_id, type, day) DO UPDATE SET
        district_id = excluded.district_id,
        city_id = excluded.city_id,
        visited = nullif(coalesce(c.visited, 0) + coalesce(excluded.visited, 0), 0),
        contacted = nullif(coalesce(c.contacted, 0) + coalesce(excluded.contacted, 0), 0),
        reasonable = nullif(coalesce(c.reasonable, 0) + coalesce(excluded.reasonable, 0), 0),
        solved_said = nullif(coalesce(c.solved_said, 0) + coalesce(excluded.solved_said, 0), 0),
        satisfied_said = nullif(coalesce(c.satisfied_said, 0) + coalesce(excluded.satisfied_said, 0), 0),
        unreasonable = nullif(coalesce(c.unreasonable, 0) + coalesce(excluded.unreasonable, 0), 0),
        unreasonable_solved =
            nullif(coalesce(c.unreasonable_solved, 0) + coalesce(excluded.unreasonable_solved, 0), 0),
        unreasonable_satisfied =
            nullif(coalesce(c.unreasonable_satisfied, 0) + coalesce(excluded.unreasonable_satisfied, 0), 0);
    RETURN folded;
END $$;
