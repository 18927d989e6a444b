-- What row security asks. Each reads a setting that is local to the transaction: never set in this session, it raises; left
-- empty by an ended transaction, it does not cast. Both fail closed. The nil UUID stands for "nobody is signed in".
CREATE FUNCTION city1361_account() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('city1361.account')::uuid, '00000000-0000-0000-0000-000000000000'::uuid)
$$;
CREATE FUNCTION city1361_organisations() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT current_setting('city1361.organisations')::uuid[]
$$;
CREATE FUNCTION city1361_areas() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT current_setting('city1361.areas')::uuid[]
$$;
-- For the system's own jobs and commands.
CREATE FUNCTION city1361_everything() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT current_setting('city1361.everything')::boolean
$$;
