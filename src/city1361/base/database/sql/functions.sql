-- PostgreSQL lets everybody run a new function, also one that runs as its owner (SECURITY DEFINER). Here nobody but the
-- application, whose right the default privileges give: neither those there are nor those to come.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
DO $$
DECLARE
    made text;
BEGIN
    FOR made IN
        SELECT oid::regprocedure::text FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND proowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)
    LOOP
        EXECUTE format('REVOKE EXECUTE ON ROUTINE %s FROM PUBLIC', made);
    END LOOP;
END $$;
