-- Write one step of a matter: the row as it is now, its history, its process with work items and timers, evidence and
-- events, all or nothing, in one round trip. Returns the new version. When the matter has moved on meanwhile, C1361 is
-- raised and nothing has happened. Columns that `matter` does not name stay as they are.
CREATE FUNCTION execution_apply(step jsonb, expected_version integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    this uuid := (step #>> '{matter,id}')::uuid;
    assigned text;
    written integer;
BEGIN
    SELECT string_agg(format('%1$I = r.%1$I', c.name), ', ' ORDER BY c.name) INTO assigned
    FROM jsonb_object_keys(step -> 'matter') AS c (name) WHERE c.name <> 'id';
    EXECUTE format(
        'UPDATE centres_execution_matter m SET %s
         FROM jsonb_populate_record(NULL::centres_execution_matter, $1) r WHERE m.id = $2 AND m.version = $3', assigned)
    USING step -> 'matter', this, expected_version;
    GET DIAGNOSTICS written = ROW_COUNT;
    IF written <> 1 THEN
        RAISE EXCEPTION 'matter % is no longer at version %', this, expected_version USING ERRCODE = 'C1361';
    END IF;
    INSERT INTO centres_execution_matterstep
    SELECT * FROM jsonb_populate_record(NULL::centres_execution_matterstep, step -> 'taken');
    IF step ? 'process' THEN
        PERFORM processes_apply(step -> 'process', (step ->> 'process_version')::integer);
    END IF;
    PERFORM evidence_insert(step -> 'evidence');
    PERFORM outbox_insert(step -> 'events');
    RETURN (step #>> '{matter,version}')::integer;
END $$;
