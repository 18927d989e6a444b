-- Only one process gives places at a time. True when the lock is held until the end of the transaction.
CREATE FUNCTION base_evidence_lock() RETURNS boolean LANGUAGE sql AS
    'SELECT pg_try_advisory_xact_lock(1361, 9162)';

-- Give `entries` the places from `first` on and store the tree and head over them: all or nothing.
-- Runs as the owner, because the application may not write these tables.
CREATE FUNCTION base_evidence_append(
    first bigint, entries uuid[],
    levels smallint[], positions bigint[], tiles_sha256 bytea[], tiles_sm3 bytea[],
    head_at timestamptz, root_sha256 bytea, root_sm3 bytea, previous bytea, key bytea, signature bytea
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    count bigint := cardinality(entries);
    newest base_evidence_head;
    taken bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(1361, 9162);
    SELECT * INTO newest FROM base_evidence_head ORDER BY size DESC LIMIT 1;
    IF count = 0 OR first <> coalesce(newest.size, 0)
        OR first <> (SELECT coalesce(max(seq) + 1, 0) FROM base_evidence_sequence) THEN
        RAISE EXCEPTION 'evidence: % entries cannot follow from place %; the log holds %', count, first, newest.size
            USING ERRCODE = 'serialization_failure';
    END IF;
    IF head_at < newest.at THEN
        RAISE EXCEPTION 'evidence: a head of % cannot follow one of %', head_at, newest.at;
    END IF;
    DELETE FROM base_evidence_pending WHERE entry_id = ANY (entries);
    GET DIAGNOSTICS taken = ROW_COUNT;
    IF taken <> count THEN
        RAISE EXCEPTION 'evidence: % entries, of which only % were waiting', count, taken;
    END IF;
    INSERT INTO base_evidence_sequence (seq, entry_id)
        SELECT first + place - 1, entry FROM unnest(entries) WITH ORDINALITY AS given (entry, place);
    INSERT INTO base_evidence_tile (level, position, sha256, sm3)
        SELECT * FROM unnest(levels, positions, tiles_sha256, tiles_sm3)
        ON CONFLICT (level, position) DO UPDATE SET sha256 = excluded.sha256, sm3 = excluded.sm3;
    INSERT INTO base_evidence_head VALUES
        (first + count, head_at, root_sha256, root_sm3, previous, key, signature);
END $$;
