-- The log. `leaf` is what the tree is built of: nobody can write it, it follows from `canon`.
-- The columns beside `canon` repeat what it says, for finding; `evidence verify` compares them.
CREATE TABLE base_evidence_entry (
    id uuid PRIMARY KEY,
    at timestamptz NOT NULL,
    action varchar(100) NOT NULL,
    subject_kind varchar(60) NOT NULL,
    subject_id varchar(100) NOT NULL,
    canon bytea NOT NULL,
    leaf bytea NOT NULL GENERATED ALWAYS AS (sha256('\x00'::bytea || canon)) STORED
) PARTITION BY RANGE (id);
CREATE TABLE base_evidence_entry_default PARTITION OF base_evidence_entry DEFAULT;
CREATE INDEX base_evidence_entry_subject ON base_evidence_entry (subject_kind, subject_id, id);

-- What may be erased: the entry keeps a commitment to it. No foreign key: entries are partitioned and never deleted.
CREATE TABLE base_evidence_personal (
    entry_id uuid PRIMARY KEY,
    salt bytea NOT NULL CHECK (octet_length(salt) = 32),
    sealed bytea NOT NULL
);

-- Committed entries without a place yet. A late commit simply appears here late, whatever its id.
CREATE TABLE base_evidence_pending (entry_id uuid PRIMARY KEY)
    WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- The place of each entry in the tree, from 0. Apart from the entries: uniqueness across partitions needs it.
CREATE TABLE base_evidence_sequence (
    seq bigint PRIMARY KEY CHECK (seq >= 0),
    entry_id uuid NOT NULL UNIQUE
);

-- 256 hashes side by side of one level of the tree, joined, for each of the two hash functions.
CREATE TABLE base_evidence_tile (
    level smallint NOT NULL CHECK (level >= 0),
    position bigint NOT NULL CHECK (position >= 0),
    sha256 bytea NOT NULL CHECK (octet_length(sha256) BETWEEN 32 AND 8192 AND octet_length(sha256) % 32 = 0),
    sm3 bytea NOT NULL CHECK (octet_length(sm3) = octet_length(sha256)),
    PRIMARY KEY (level, position)
);
-- Hashes do not compress: do not try.
ALTER TABLE base_evidence_tile ALTER sha256 SET STORAGE EXTERNAL, ALTER sm3 SET STORAGE EXTERNAL;

CREATE TABLE base_evidence_head (
    size bigint PRIMARY KEY CHECK (size > 0),
    at timestamptz NOT NULL,
    root_sha256 bytea NOT NULL CHECK (octet_length(root_sha256) = 32),
    root_sm3 bytea NOT NULL CHECK (octet_length(root_sm3) = 32),
    previous bytea NOT NULL CHECK (octet_length(previous) = 32),
    key bytea NOT NULL CHECK (octet_length(key) = 32),
    signature bytea NOT NULL CHECK (octet_length(signature) = 64)
);

-- Every entry waits for its place, whoever inserts it: this cannot be forgotten.
CREATE FUNCTION base_evidence_wait() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO base_evidence_pending (entry_id) VALUES (NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER base_evidence_wait AFTER INSERT ON base_evidence_entry
    FOR EACH ROW EXECUTE FUNCTION base_evidence_wait();
