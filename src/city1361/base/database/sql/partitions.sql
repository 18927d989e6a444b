-- The smallest UUID version 7 of the millisecond of `moment`: the bound of a monthly partition.
CREATE FUNCTION city1361_id_at(moment timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (lpad(to_hex(floor(extract(epoch FROM moment) * 1000)::bigint), 12, '0') || '70008000000000000000')::uuid
$$;

-- A partition is reached through its parent only: row security of the parent does not guard a partition that is named
-- directly, so nobody but the owner may name one.
CREATE FUNCTION city1361_close_partitions() RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    part record;
    closed integer := 0;
BEGIN
    FOR part IN
        SELECT c.oid::regclass AS name, grantee.rolname AS who
        FROM pg_class c
        CROSS JOIN LATERAL aclexplode(c.relacl) acl JOIN pg_roles grantee ON grantee.oid = acl.grantee
        WHERE c.relnamespace = 'public'::regnamespace AND c.relispartition AND c.relkind = 'r' AND acl.grantee <> c.relowner
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
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
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
        JOIN pg_partitioned_table p ON p.partrelid = c.oid AND p.partstrat = 'r' AND p.partnatts = 1
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = p.partattrs[0] AND a.atttypid = 'uuid'::regtype
        WHERE c.relnamespace = 'public'::regnamespace
    LOOP
        FOR offset_months IN 0..ahead LOOP
            month := date_trunc('month', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'
                     + make_interval(months => offset_months);
            part := format('%s_%s', parent.relname, to_char(month AT TIME ZONE 'UTC', 'YYYY_MM'));
            CONTINUE WHEN to_regclass(format('public.%I', part)) IS NOT NULL;
            BEGIN
                EXECUTE format(
                    'CREATE TABLE public.%I PARTITION OF public.%I FOR VALUES FROM (%L) TO (%L)', part, parent.relname,
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

-- Tables whose default partition holds rows: a month was not made in time, or an id carries a moment out of the ordinary.
CREATE FUNCTION city1361_filled_defaults() RETURNS SETOF name
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    part record;
    filled boolean;
BEGIN
    FOR part IN
        SELECT parent.relname, c.oid::regclass AS name
        FROM pg_partitioned_table p JOIN pg_class parent ON parent.oid = p.partrelid JOIN pg_class c ON c.oid = p.partdefid
        WHERE parent.relnamespace = 'public'::regnamespace ORDER BY 1
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM %s)', part.name) INTO filled;
        IF filled THEN
            RETURN NEXT part.relname;
        END IF;
    END LOOP;
END;
$$;
