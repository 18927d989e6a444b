-- What the application may do here, whatever its role is called: take away from everybody but the owner what the
-- default privileges gave. Entries and personal parts are inserted, personal parts erased; the rest is read only.
DO $$
DECLARE
    allowed record;
    holder record;
BEGIN
    FOR allowed IN SELECT * FROM (VALUES
        ('base_evidence_entry', 'UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER'),
        ('base_evidence_entry_default', 'ALL'),
        ('base_evidence_personal', 'UPDATE, TRUNCATE, REFERENCES, TRIGGER'),
        ('base_evidence_pending', 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER'),
        ('base_evidence_sequence', 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER'),
        ('base_evidence_tile', 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER'),
        ('base_evidence_head', 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
    ) AS given (name, revoked) LOOP
        FOR holder IN
            SELECT DISTINCT acl.grantee FROM pg_class, aclexplode(relacl) AS acl
            WHERE pg_class.oid = allowed.name::regclass AND acl.grantee <> relowner
        LOOP
            EXECUTE format('REVOKE %s ON %I FROM %s', allowed.revoked, allowed.name,
                CASE holder.grantee WHEN 0 THEN 'PUBLIC' ELSE holder.grantee::regrole::text END);
        END LOOP;
    END LOOP;
END $$;
