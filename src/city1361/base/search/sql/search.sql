-- The three ways into the search index. The table is the owner's alone; these functions run with its rights, so
-- that the index can be used although row security would forbid it (policies keep PostgreSQL from using indexes for
-- functions that are not leak-proof). What comes out is ids of candidates and nothing else: the caller joins them
-- with its own table under row security, where those it may not see fall away.

CREATE INDEX IF NOT EXISTS base_search_pieces ON base_search_searchdocument
    USING gin (document, keys) WITH (gin_pending_list_limit = 512);

CREATE OR REPLACE FUNCTION city1361_search_index(
    of_kind text, of_subject uuid, with_keys uuid[], with_content text, with_pieces text[]
) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO base_search_searchdocument AS known (kind, subject_id, keys, content, document)
    VALUES (of_kind, of_subject, with_keys, with_content, array_to_tsvector(with_pieces))
    ON CONFLICT (kind, subject_id) DO UPDATE
       SET keys = excluded.keys, content = excluded.content, document = excluded.document
     WHERE (known.keys, known.content) IS DISTINCT FROM (excluded.keys, excluded.content)
$$;

CREATE OR REPLACE FUNCTION city1361_search_forget(of_kind text, of_subject uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    DELETE FROM base_search_searchdocument WHERE kind = of_kind AND subject_id = of_subject
$$;

-- Ids of rows of a kind whose text holds every needle, newest first. `expression` finds them by the index and may
-- let a few too many through; the needles decide. `within`: only rows with one of these keys; NULL means any.
CREATE OR REPLACE FUNCTION city1361_search(
    of_kind text, expression text, needles text[], within uuid[], at_most integer
) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 100
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    wanted tsquery := expression::tsquery;
    patterns text[] := ARRAY(SELECT '%' || needle || '%' FROM unnest(needles) AS needle);
BEGIN
    RETURN QUERY
    SELECT known.subject_id
      FROM base_search_searchdocument AS known
     WHERE known.document @@ wanted
       AND known.kind = of_kind
       AND (within IS NULL OR known.keys && within)
       AND known.content LIKE ALL (patterns)
     ORDER BY known.subject_id DESC
     LIMIT least(at_most, 10000);
END $$;

-- Whoever got rights on the new table by default (the application) keeps the functions and loses the table.
DO $$
DECLARE
    grantee text;
    entrance text;
BEGIN
    FOR entrance IN
        SELECT oid::regprocedure::text FROM pg_proc WHERE proname LIKE 'city1361\_search%'
    LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', entrance);
    END LOOP;
    FOR grantee IN
        SELECT DISTINCT quote_ident(pg_get_userbyid(entry.grantee))
          FROM pg_class AS class, aclexplode(class.relacl) AS entry
         WHERE class.oid = 'base_search_searchdocument'::regclass AND entry.grantee NOT IN (0, class.relowner)
    LOOP
        EXECUTE format('REVOKE ALL ON base_search_searchdocument FROM %s', grantee);
        FOR entrance IN
            SELECT oid::regprocedure::text FROM pg_proc WHERE proname LIKE 'city1361\_search%'
        LOOP
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %s', entrance, grantee);
        END LOOP;
    END LOOP;
END $$;
