-- Write the report of a matter: the row, its number, its history, its reporter, its process with work items and timers,
-- what finds it, evidence and events, all or nothing, in one round trip.
CREATE FUNCTION execution_create(step jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO centres_execution_matternumber (number, matter_id)
    VALUES (step #>> '{matter,number}', (step #>> '{matter,id}')::uuid);
    INSERT INTO centres_execution_matter
    SELECT * FROM jsonb_populate_record(NULL::centres_execution_matter, step -> 'matter');
    INSERT INTO centres_execution_matterstep
    SELECT * FROM jsonb_populate_record(NULL::centres_execution_matterstep, step -> 'taken');
    INSERT INTO centres_execution_matterreporter (matter_id, account, centre, label, name, phone)
    SELECT r.matter_id, r.account, r.centre, r.label, decode(r.name, 'hex'), decode(r.phone, 'hex')
    FROM jsonb_to_record(step -> 'reporter') AS r (
        matter_id uuid, account uuid, centre uuid, label text, name text, phone text);
    PERFORM processes_apply(step -> 'process', (step ->> 'process_version')::integer);
    PERFORM execution_found(step -> 'found');
    PERFORM evidence_insert(step -> 'evidence');
    PERFORM outbox_insert(step -> 'events');
END $$;

-- Put what was prepared by the search module into its index.
CREATE FUNCTION execution_found(found jsonb) RETURNS void LANGUAGE sql AS $$
    SELECT city1361_search_index(
        found ->> 'kind', (found ->> 'subject')::uuid,
        ARRAY(SELECT jsonb_array_elements_text(found -> 'keys'))::uuid[], found ->> 'content',
        ARRAY(SELECT jsonb_array_elements_text(found -> 'pieces')))
$$;

-- Another leads a matter from now on: who led before does so no more, where it was handed over the open receipt ends and
-- another begins, and it is found by whom it concerns now.
CREATE FUNCTION execution_give(given jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    this uuid := (given #>> '{lead,matter_id}')::uuid;
    moment timestamptz := (given #>> '{lead,since}')::timestamptz;
BEGIN
    UPDATE centres_execution_matterparticipant SET until = moment
    WHERE matter_id = this AND role = given #>> '{lead,role}' AND until IS NULL;
    INSERT INTO centres_execution_matterparticipant
    SELECT * FROM jsonb_populate_record(NULL::centres_execution_matterparticipant, given -> 'lead');
    IF given ? 'ended_by' THEN
        UPDATE centres_execution_handover SET ended_at = moment, ended_by = given ->> 'ended_by'
        WHERE matter_id = this AND ended_at IS NULL;
    END IF;
    IF given ? 'hand_over' THEN
        INSERT INTO centres_execution_handover
        SELECT * FROM jsonb_populate_record(NULL::centres_execution_handover, given -> 'hand_over');
    END IF;
    PERFORM execution_found(given -> 'found');
END $$;
