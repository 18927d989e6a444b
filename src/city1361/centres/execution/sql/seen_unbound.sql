-- As in seen.sql; without a bound scope nothing is seen, whoever calls it and wherever: it answers and does not fail.
CREATE OR REPLACE FUNCTION execution_sees(this uuid) RETURNS boolean LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
    IF coalesce(current_setting('city1361.everything', true), '') = '' THEN
        RETURN false;
    END IF;
    RETURN EXISTS (SELECT 1 FROM centres_execution_matter WHERE id = this);
END $$;
