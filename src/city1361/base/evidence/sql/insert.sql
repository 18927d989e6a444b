-- Insert entries that were prepared beside what they tell of, so that one call writes both. The only way an entry enters
-- the log, from Python or from SQL. `canon` is text here: canonical bytes are UTF-8.
CREATE FUNCTION evidence_insert(entries jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    entry jsonb;
BEGIN
    FOR entry IN SELECT * FROM jsonb_array_elements(entries) LOOP
        INSERT INTO base_evidence_entry (id, at, action, subject_kind, subject_id, canon) VALUES (
            (entry ->> 'id')::uuid, (entry ->> 'at')::timestamptz, entry ->> 'action', entry ->> 'subject_kind',
            entry ->> 'subject_id', convert_to(entry ->> 'canon', 'UTF8'));
        IF entry ? 'sealed' THEN
            INSERT INTO base_evidence_personal (entry_id, salt, sealed) VALUES (
                (entry ->> 'id')::uuid, decode(entry ->> 'salt', 'hex'), decode(entry ->> 'sealed', 'hex'));
        END IF;
    END LOOP;
END $$;
