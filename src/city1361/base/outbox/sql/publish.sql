-- Publish one event in the caller's transaction. The only way an event enters the outbox, from Python or from SQL.
CREATE FUNCTION outbox_publish(
    event uuid, event_name text, event_payload jsonb, event_topics text[], event_by jsonb, happened_at timestamptz
) RETURNS void LANGUAGE sql AS $$
    INSERT INTO base_outbox_event (id, name, payload, topics, acted_by, occurred_at)
        VALUES (event, event_name, event_payload, event_topics, event_by, happened_at);
    INSERT INTO base_outbox_pending (event_id) VALUES (event);
$$;
