-- What row security asks. Each reads a setting that is local to the transaction; without it the first form raises
-- (never set in this session) and the second is an empty text that does not cast: both fail closed.
CREATE FUNCTION city1361_account() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('city1361.account'), '')::uuid
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
