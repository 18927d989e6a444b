-- The smallest UUID version 7 of the millisecond of `moment`: the bound of a monthly partition.
CREATE FUNCTION city1361_id_at(moment timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (lpad(to_hex(floor(extract(epoch FROM moment) * 1000)::bigint), 12, '0') || '70008000000000000000')::uuid
$$;

-- A partition is reached through its parent only: row security of the parent does not guard a partition that is named
-- directly, so nobody but the owner may name one.
CREATE FUNCTION city1361_close_partitions() RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    part record;
    closed integer := 0;
BEGIN
    FOR part IN
        SELECT c.oid::regclass AS name, grantee.rolname AS who
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema()
        CROSS JOIN LATERAL aclexplode(c.relacl) acl JOIN pg_roles grantee ON grantee.oid = acl.grantee
        WHERE c.relispartition AND c.relkind = 'r' AND acl.grantee <> c.relowner
        GROUP BY 1, 2
    LOOP
        EXECUTE format('REVOKE ALL ON %s FROM %I', part.name, part.who);
        closed := closed + 1;
    END LOOP;
    RETURN closed;
END;
$$;

-- Make the monthly partitions of every table partitioned by id, from this month to `ahead` months on. Runs as the owner
-- whoever calls it. A month whose rows already stand in the default partition is left there. Returns how many it made.
CREATE FUNCTION city1361_ensure_partitions(ahead integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    parent record;
    month timestamptz;
    part text;
    made integer := 0;
BEGIN
    IF ahead NOT BETWEEN 0 AND 120 THEN
        RAISE EXCEPTION 'months ahead must be between 0 and 120, not %', ahead;
    END IF;
    FOR parent IN
        SELECT c.relname FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema()
        JOIN pg_partitioned_table p ON p.partrelid = c.oid AND p.partstrat = 'r' AND p.partnatts = 1
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = p.partattrs[0] AND a.atttypid = 'uuid'::regtype
    LOOP
        FOR offset_months IN 0..ahead LOOP
            month := date_trunc('month', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'
                     + make_interval(months => offset_months);
            part := format('%s_%s', parent.relname, to_char(month AT TIME ZONE 'UTC', 'YYYY_MM'));
            CONTINUE WHEN to_regclass(quote_ident(part)) IS NOT NULL;
            BEGIN
                EXECUTE format(
                    'CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', part, parent.relname,
                    city1361_id_at(month), city1361_id_at(month + interval '1 month'));
                made := made + 1;
            EXCEPTION WHEN check_violation THEN
                RAISE NOTICE 'rows of % are in the default partition and stay there', part;
            END;
        END LOOP;
    END LOOP;
    PERFORM city1361_close_partitions();
    RETURN made;
END;
$$;
