-- Publish events that were prepared beside what they tell of, so that one call writes both: an array of objects with the
-- arguments of outbox_publish.
CREATE FUNCTION outbox_insert(events jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    event jsonb;
BEGIN
    FOR event IN SELECT * FROM jsonb_array_elements(events) LOOP
        PERFORM outbox_publish(
            (event ->> 'id')::uuid, event ->> 'name', event -> 'payload',
            ARRAY(SELECT jsonb_array_elements_text(event -> 'topics')), event -> 'by', (event ->> 'at')::timestamptz);
    END LOOP;
END $$;
