-- Take up to `batch` pending events out of the queue and return them. What is still uncommitted elsewhere has no
-- visible row yet and is taken by a later round, however late it commits: nothing is ever compared with a last id.
CREATE FUNCTION outbox_claim(batch integer)
RETURNS TABLE (id uuid, name text, payload jsonb, topics text[]) LANGUAGE plpgsql AS $$
DECLARE
    taken uuid[];
BEGIN
    WITH gone AS (
        DELETE FROM base_outbox_pending WHERE event_id = ANY (ARRAY(
            SELECT pending.event_id FROM base_outbox_pending pending
            ORDER BY pending.event_id LIMIT batch FOR UPDATE SKIP LOCKED
        )) RETURNING event_id
    ) SELECT array_agg(event_id) INTO taken FROM gone;
    RETURN QUERY
        SELECT event.id, event.name::text, event.payload, event.topics::text[]
        FROM base_outbox_event event WHERE event.id = ANY (taken) ORDER BY event.id;
END;
$$;

-- Count one attempt of a delivery and push its next one `wait` away, so that a reaction which kills its worker is
-- counted too. False: somebody else has it, it is not due, or it is done.
CREATE FUNCTION outbox_attempt(event uuid, reaction_name text, wait interval) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM base_outbox_delivery
        WHERE event_id = event AND reaction = reaction_name AND state = 'due' AND due_at <= now()
        FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE base_outbox_delivery SET attempts = attempts + 1, due_at = now() + wait
        WHERE event_id = event AND reaction = reaction_name;
    RETURN true;
END;
$$;
